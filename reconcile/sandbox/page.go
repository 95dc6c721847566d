package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The page is rendered here, so that html/template escapes every text in it; the script
// only swaps in what was rendered anew and turns forms into JSON.
//
//go:embed assets
var assets embed.FS

var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"inr":   inr,
		"minus": func(v int64) string { return "−" + inr(v) },
		"clock": func(t time.Time) string { return t.In(india).Format("15:04") },
		"exact": func(t time.Time) string { return t.In(india).Format("15:04:05") },
		"stamp": func(t time.Time) string { return t.In(india).Format("2 Jan 2006, 15:04") },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"words": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
		"phone": prettyPhone,
		"short": shorten,
	}).ParseFS(assets, "assets/*.html"))
})

// india is the zone in which the page shows times.
var india = time.FixedZone("IST", 5*3600+1800)

func (s *Server) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.getPage)
	mux.HandleFunc("GET /_sandbox/events", s.getEvents)
	mux.HandleFunc("GET /favicon.ico", serveAsset("icon.svg", "image/svg+xml"))
	mux.HandleFunc("GET /_sandbox/assets/icon.svg", serveAsset("icon.svg", "image/svg+xml"))
	mux.HandleFunc("GET /_sandbox/assets/page.css", serveAsset("page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /_sandbox/assets/page.js", serveAsset("page.js", "text/javascript; charset=utf-8"))
}

func serveAsset(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic(fmt.Sprintf("sandbox: %s is not embedded", name))
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(b) // a caller that has gone away is no business of ours
	}
}

func (s *Server) getPage(w http.ResponseWriter, r *http.Request) {
	var v pageView
	s.view(func(w *world) { v = w.page(r.URL.Query(), s.now()) })
	v.Host = r.Host
	v.Endpoints = s.endpoints()
	var out bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&out, "page.html", v); err != nil {
		s.log.Error("page not rendered", "error", err)
		http.Error(w, "the page could not be rendered", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(w) // a caller that has gone away is no business of ours
}

const (
	eventPause = 150 * time.Millisecond // between two events, however much happens
	eventLife  = 5 * time.Minute        // of a stream; the browser opens another one
)

// getEvents tells the page, as server-sent events, that something has changed. Streams end
// when Run does, so that they hold up no shutdown.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	end := time.NewTimer(eventLife)
	defer end.Stop()
	for {
		rev, changed := s.watch()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", rev); err != nil || flush.Flush() != nil {
			return
		}
		if !sleep(r.Context(), eventPause) {
			return
		}
		select {
		case <-changed:
		case <-s.stopped:
			return
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		}
	}
}
