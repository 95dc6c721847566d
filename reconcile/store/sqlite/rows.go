package sqlite

import (
	"fmt"

	"github.com/hisab/hisab/reconcile"
)

// tables are the tables of an order, in the order they are written.
type tables struct {
	orders, bills, attempts, refunds, marks *table
}

func newTables() tables {
	return tables{
		orders: newTable("orders", 1, "ref version kind address standing cancel_on_remove paid_offline"),
		bills: newTable("bills", 2, "ref seq reference account configuration phone total currency"+
			" facet_goods facet_total facet_phone facet_provider facet_configuration facet_expiration"+
			" expires_at imported imported_status look_raw look_amount look_currency"+
			" look_transactions look_at look_state captured_at clear_since"),
		attempts: newTable("attempts", 2, "ref id action n kind reference to_status label event"+
			" template account amount currency speed state digest fence incarnation baseline claimed_at ended_at"+
			" next_at result code meaning delivery retry looks looked_first looked_last followed_by position"),
		refunds: newTable("refunds", 2, "ref id reference transaction_id amount currency state speed"+
			" created_at first_seen_at owner other imported"),
		marks: newTable("marks", 2, "ref name at"),
	}
}

func orderRow(o *reconcile.Observed, version int64) row {
	return row{o.Ref, version, string(o.Kind), o.Address, string(o.Standing), bit(o.CancelOnRemove), int64(o.PaidOffline)}
}

func billRow(ref string, b *reconcile.Bill) (row, error) {
	f := &b.Facets
	r := row{ref, int64(b.Seq), b.Reference, name(b.Account), name(b.Configuration), b.Phone, int64(b.Total), b.Currency,
		f.Goods, f.Total, f.Phone, f.Provider, f.Configuration, f.Expiration,
		millis(b.ExpiresAt), bit(b.Imported), string(b.ImportedStatus)}
	look := row{"", int64(0), "", "", int64(0), nil}
	if p := b.Look; p != nil {
		transactions, err := text(p.Transactions)
		if err != nil {
			return nil, fmt.Errorf("transactions of %s: %w", b.Reference, err)
		}
		look = row{p.Raw, int64(p.Amount), p.Currency, transactions, millis(p.At), string(p.State)}
	}
	return append(append(r, look...), millis(b.CapturedAt), millis(b.ClearSince)), nil
}

func attemptRow(ref string, position int, a *reconcile.Attempt) (row, error) {
	baseline, err := text(a.Baseline)
	if err != nil {
		return nil, fmt.Errorf("baseline of %s: %w", a.ID, err)
	}
	return row{ref, a.ID, a.Action, int64(a.N), string(a.Kind), a.Reference, string(a.To), a.Label, a.Event,
		name(a.Template), name(a.Account), int64(a.Amount), a.Currency, a.Speed, string(a.State), a.Digest, a.Fence, name(a.Incarnation),
		baseline, millis(a.ClaimedAt), millis(a.EndedAt), millis(a.NextAt), a.Result, int64(a.Code), a.Meaning,
		string(a.Delivery), bit(a.Retry), int64(a.Looks), millis(a.LookedFirst), millis(a.LookedLast), a.FollowedBy, int64(position)}, nil
}

func refundRow(ref string, r *reconcile.RefundSeen) row {
	return row{ref, r.ID, r.Reference, r.Transaction, int64(r.Amount), r.Currency, string(r.State), r.Speed,
		millis(r.CreatedAt), millis(r.FirstSeenAt), r.Owner, bit(r.Foreign), bit(r.Imported)}
}

func markRow(ref string, m *reconcile.Mark) row {
	return row{ref, m.Name, millis(m.At)}
}

func eventRow(ref string, e *reconcile.Event) row {
	return row{ref, millis(e.At), e.Name, e.Attempt, e.Fence, name(e.Incarnation), e.Detail}
}
