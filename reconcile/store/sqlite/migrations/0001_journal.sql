-- Times are Unix milliseconds, 0 where there is none. Money is minor units of the currency
-- beside it. Strings that recur in many rows stand once in names, and as its id elsewhere.

CREATE TABLE meta (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    spec_id    TEXT    NOT NULL,
    lineage    TEXT    NOT NULL CHECK (lineage <> ''),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE names (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- An order and all that hangs on it are clustered by ref, so that one order is read from
-- neighbouring pages, and all orders in one pass without sorting.
CREATE TABLE orders (
    ref              TEXT    NOT NULL PRIMARY KEY CHECK (ref <> ''),
    version          INTEGER NOT NULL CHECK (version > 0),
    kind             TEXT    NOT NULL CHECK (kind IN ('', 'order', 'invoice')),
    address          TEXT    NOT NULL,
    standing         TEXT    NOT NULL CHECK (standing IN ('', 'managed', 'archived', 'forgotten')),
    cancel_on_remove INTEGER NOT NULL CHECK (cancel_on_remove IN (0, 1)),
    paid_offline     INTEGER NOT NULL CHECK (paid_offline >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE bills (
    ref                 TEXT    NOT NULL REFERENCES orders (ref),
    seq                 INTEGER NOT NULL CHECK (seq > 0),
    reference           TEXT    NOT NULL UNIQUE CHECK (reference <> ''),
    account             INTEGER REFERENCES names (id),
    configuration       INTEGER REFERENCES names (id),
    phone               TEXT    NOT NULL,
    total               INTEGER NOT NULL CHECK (total >= 0),
    currency            TEXT    NOT NULL,
    facet_goods         TEXT    NOT NULL,
    facet_total         TEXT    NOT NULL,
    facet_phone         TEXT    NOT NULL,
    facet_provider      TEXT    NOT NULL,
    facet_configuration TEXT    NOT NULL,
    facet_expiration    TEXT    NOT NULL,
    expires_at          INTEGER NOT NULL,
    imported            INTEGER NOT NULL CHECK (imported IN (0, 1)),
    imported_status     TEXT    NOT NULL CHECK (imported_status IN
        ('', 'pending', 'processing', 'partially_shipped', 'shipped', 'completed', 'canceled')),
    -- The latest look at the payment; look_state is null before the first.
    look_raw            TEXT    NOT NULL,
    look_amount         INTEGER NOT NULL CHECK (look_amount >= 0),
    look_currency       TEXT    NOT NULL,
    look_transactions   TEXT    NOT NULL, -- JSON array, or empty
    look_at             INTEGER NOT NULL,
    look_state          TEXT    CHECK (look_state IN
        ('not_found', 'unpaid', 'pending', 'authorized', 'captured', 'canceled', 'unknown')),
    captured_at         INTEGER NOT NULL,
    clear_since         INTEGER NOT NULL,
    PRIMARY KEY (ref, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    ref          TEXT    NOT NULL REFERENCES orders (ref),
    id           TEXT    NOT NULL UNIQUE CHECK (id <> ''),
    action       TEXT    NOT NULL,
    n            INTEGER NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('send', 'status', 'refund', 'notify', 'replace', 'forget')),
    reference    TEXT    NOT NULL,
    to_status    TEXT    NOT NULL CHECK (to_status IN
        ('', 'pending', 'processing', 'partially_shipped', 'shipped', 'completed', 'canceled')),
    label        TEXT    NOT NULL,
    event        TEXT    NOT NULL,
    template     INTEGER REFERENCES names (id),
    amount       INTEGER NOT NULL CHECK (amount >= 0),
    currency     TEXT    NOT NULL,
    speed        TEXT    NOT NULL CHECK (speed IN ('', 'normal', 'instant')),
    state        TEXT    NOT NULL CHECK (state IN
        ('ready', 'sending', 'settled', 'rejected', 'unknown', 'held', 'closed', 'abandoned')),
    digest       TEXT    NOT NULL,
    fence        INTEGER NOT NULL,
    incarnation  INTEGER REFERENCES names (id),
    baseline     TEXT    NOT NULL, -- JSON array, or empty
    claimed_at   INTEGER NOT NULL,
    ended_at     INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    result       TEXT    NOT NULL,
    code         INTEGER NOT NULL,
    meaning      TEXT    NOT NULL,
    delivery     TEXT    NOT NULL CHECK (delivery IN ('', 'sent', 'delivered', 'read', 'failed')),
    retry        INTEGER NOT NULL CHECK (retry IN (0, 1)),
    looks        INTEGER NOT NULL CHECK (looks >= 0),
    looked_first INTEGER NOT NULL,
    looked_last  INTEGER NOT NULL,
    position     INTEGER NOT NULL, -- among the attempts of the order, in the order begun
    PRIMARY KEY (ref, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE refunds (
    ref           TEXT    NOT NULL REFERENCES orders (ref),
    id            TEXT    NOT NULL UNIQUE CHECK (id <> ''),
    reference     TEXT    NOT NULL,
    transaction_id TEXT    NOT NULL,
    amount        INTEGER NOT NULL CHECK (amount >= 0),
    currency      TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('pending', 'success', 'failed', 'unknown')),
    speed         TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    owner         TEXT    NOT NULL,
    other         INTEGER NOT NULL CHECK (other IN (0, 1)), -- declared to be another's
    imported      INTEGER NOT NULL CHECK (imported IN (0, 1)),
    PRIMARY KEY (ref, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE marks (
    ref  TEXT    NOT NULL REFERENCES orders (ref),
    name TEXT    NOT NULL CHECK (name <> ''),
    at   INTEGER NOT NULL,
    PRIMARY KEY (ref, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    ref         TEXT    NOT NULL REFERENCES orders (ref),
    at          INTEGER NOT NULL,
    name        TEXT    NOT NULL CHECK (name <> ''),
    attempt     TEXT    NOT NULL,
    fence       INTEGER NOT NULL,
    incarnation INTEGER REFERENCES names (id),
    detail      TEXT    NOT NULL
) STRICT;

CREATE INDEX events_of_order ON events (ref);

CREATE TABLE approvals (
    id     INTEGER PRIMARY KEY,
    action TEXT    NOT NULL CHECK (action <> ''),
    who    TEXT    NOT NULL,
    reason TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX approvals_by_time ON approvals (at);

CREATE TABLE plans (
    id TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A payment is closed while the outcome of a refund on it is not known (reliability 3.5, I5).
CREATE UNIQUE INDEX one_open_refund ON attempts (reference)
    WHERE kind = 'refund' AND state IN ('sending', 'unknown', 'held');

-- One unresolved order_status per order (reliability 4, I9). The cancel that begins a
-- replace is one too.
CREATE UNIQUE INDEX one_open_status ON attempts (ref)
    WHERE (kind = 'status' OR (kind = 'replace' AND to_status = 'canceled'))
      AND state IN ('sending', 'unknown', 'held');

-- A refund id belongs to at most one intent (I6).
CREATE UNIQUE INDEX one_intent_of_refund ON attempts (result)
    WHERE kind = 'refund' AND result <> '';

-- What was refunded since a time is asked before every refund.
CREATE INDEX refunds_by_claim ON attempts (claimed_at)
    WHERE kind = 'refund';

-- A reference names one order, be it an order's first or that of a later bill.
CREATE TRIGGER orders_reference BEFORE INSERT ON orders
    WHEN EXISTS (SELECT 1 FROM bills WHERE reference = NEW.ref AND ref <> NEW.ref)
    BEGIN SELECT RAISE (ABORT, 'orders.ref'); END;

CREATE TRIGGER bills_reference_new BEFORE INSERT ON bills
    WHEN EXISTS (SELECT 1 FROM orders WHERE ref = NEW.reference AND ref <> NEW.ref)
    BEGIN SELECT RAISE (ABORT, 'bills.reference'); END;

CREATE TRIGGER bills_reference_changed BEFORE UPDATE OF reference ON bills
    WHEN EXISTS (SELECT 1 FROM orders WHERE ref = NEW.reference AND ref <> NEW.ref)
    BEGIN SELECT RAISE (ABORT, 'bills.reference'); END;

-- The log is append-only.
CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
    BEGIN SELECT RAISE (ABORT, 'an event is never changed'); END;

CREATE TRIGGER events_kept BEFORE DELETE ON events
    BEGIN SELECT RAISE (ABORT, 'an event is never removed'); END;

-- Nothing that moved money, or may have, is forgotten.
CREATE TRIGGER orders_kept BEFORE DELETE ON orders
    BEGIN SELECT RAISE (ABORT, 'an order is never removed'); END;

CREATE TRIGGER attempts_kept BEFORE DELETE ON attempts
    BEGIN SELECT RAISE (ABORT, 'an attempt is never removed'); END;

CREATE TRIGGER refunds_kept BEFORE DELETE ON refunds
    BEGIN SELECT RAISE (ABORT, 'a refund that was seen is never removed'); END;
