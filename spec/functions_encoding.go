package spec

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

// textFunction maps one string to another.
func textFunction(description string, apply func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Description: description,
		Params:      []function.Parameter{{Name: "text", Type: cty.String}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := apply(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(text), nil
		},
	})
}

func base64EncodeFunction() function.Function {
	return textFunction("A string in Base64.", func(text string) (string, error) {
		return base64.StdEncoding.EncodeToString([]byte(text)), nil
	})
}

func base64GzipFunction() function.Function {
	return textFunction("A string compressed with gzip, in Base64.", func(text string) (string, error) {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write([]byte(text)); err != nil {
			return "", err
		}
		// Terraform flushes before it closes, which leaves its trace in the bytes.
		if err := errors.Join(w.Flush(), w.Close()); err != nil {
			return "", err
		}
		return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
	})
}

func base64DecodeFunction() function.Function {
	return textFunction("The UTF-8 text that a Base64 string holds.", func(text string) (string, error) {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return "", fmt.Errorf("this is not Base64: %w", err)
		}
		if !utf8.Valid(decoded) {
			return "", errors.New("this holds no UTF-8 text: name its encoding with textdecodebase64")
		}
		return string(decoded), nil
	})
}

func urlEncodeFunction() function.Function {
	return textFunction("A string as it stands in the query of a URL.", func(text string) (string, error) {
		return url.QueryEscape(text), nil
	})
}

// hashFunctions are Terraform's digests. They identify, they protect nothing.
func hashFunctions() map[string]function.Function {
	digests := map[string]func(string) []byte{
		"md5":    func(s string) []byte { sum := md5.Sum([]byte(s)); return sum[:] },
		"sha1":   func(s string) []byte { sum := sha1.Sum([]byte(s)); return sum[:] },
		"sha256": func(s string) []byte { sum := sha256.Sum256([]byte(s)); return sum[:] },
		"sha512": func(s string) []byte { sum := sha512.Sum512([]byte(s)); return sum[:] },
	}
	table := map[string]function.Function{}
	for name, digest := range digests {
		table[name] = textFunction("The "+name+" digest of a string, in hexadecimal.", func(text string) (string, error) {
			return hex.EncodeToString(digest(text)), nil
		})
		if len(digest("")) < sha256.Size {
			continue
		}
		table["base64"+name] = textFunction("The "+name+" digest of a string, in Base64.", func(text string) (string, error) {
			return base64.StdEncoding.EncodeToString(digest(text)), nil
		})
	}
	return table
}

func textEncodeBase64Function() function.Function {
	return charsetFunction("A string in another character encoding, in Base64.", func(text string, charset encoding.Encoding) (string, error) {
		encoded, err := charset.NewEncoder().Bytes([]byte(text))
		if err != nil {
			return "", errors.New("the encoding has no sign for one of the characters")
		}
		return base64.StdEncoding.EncodeToString(encoded), nil
	})
}

func textDecodeBase64Function() function.Function {
	return charsetFunction("The text that a Base64 string holds in another character encoding.", func(text string, charset encoding.Encoding) (string, error) {
		encoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return "", fmt.Errorf("this is not Base64: %w", err)
		}
		decoded, err := charset.NewDecoder().Bytes(encoded)
		if err != nil {
			return "", errors.New("this is no text in that encoding")
		}
		return string(decoded), nil
	})
}

// yamlDecodeFunction reads YAML within the bounds of a spec file: aliases that multiply
// would fill the memory before anything could be said about them.
func yamlDecodeFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The value that YAML stands for.",
		Params:      []function.Parameter{{Name: "src", Type: cty.String}},
		Type:        function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if _, diag := parseYAML("", []byte(args[0].AsString())); diag != nil && diag.Summary == outOfBounds {
				return cty.NilVal, function.NewArgErrorf(0, "%s", strings.TrimSuffix(diag.Detail, "."))
			}
			return yaml.YAMLDecodeFunc.Call(args)
		},
	})
}

func charsetFunction(description string, apply func(string, encoding.Encoding) (string, error)) function.Function {
	return function.New(&function.Spec{
		Description: description,
		Params: []function.Parameter{
			{Name: "text", Type: cty.String},
			{Name: "encoding", Type: cty.String},
		},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			charset, err := ianaindex.IANA.Encoding(args[1].AsString())
			if err != nil || charset == nil {
				return cty.NilVal, function.NewArgErrorf(1, "%q is no encoding known here: use its IANA name, such as UTF-16LE or windows-1252", args[1].AsString())
			}
			text, err := apply(args[0].AsString(), charset)
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(text), nil
		},
	})
}
