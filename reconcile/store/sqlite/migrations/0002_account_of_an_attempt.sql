-- A webhook speaks for one account. What it says of a message counts only where the message
-- was sent with that account. Of attempts made before, the bill tells.
ALTER TABLE attempts ADD COLUMN account INTEGER REFERENCES names (id);

UPDATE attempts SET account =
    (SELECT b.account FROM bills b WHERE b.ref = attempts.ref AND b.reference = attempts.reference)
    WHERE kind <> 'notify';
