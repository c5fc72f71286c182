-- What a contact is to its borough, and a keyed hash of its address, by which it is found in the suppression list.
-- `sweep_at`: when its topic is swept after its erasure, so that the broker drops what was there.
ALTER TABLE contact ADD COLUMN roles jsonb NOT NULL DEFAULT '[]';
ALTER TABLE contact ADD COLUMN address_key bytea, ADD COLUMN address_since timestamptz, ADD COLUMN sweep_at timestamptz;
CREATE INDEX contact_by_address ON contact (address_key);
CREATE INDEX contact_without_key ON contact (id) WHERE address_key IS NULL AND erased_at IS NULL;
CREATE INDEX contact_to_sweep ON contact (sweep_at) WHERE sweep_at IS NOT NULL;

-- What each contact chose to hear of, how often, and whether it said yes. No names, no addresses.
-- `spoke_at`: when the person itself spoke last. `ask`: the question that waits for an answer (the first yes, or its
-- renewal), mailed last at `asked_at`. `next_at`: when the next question goes out, or the yes runs out. `moved`: the
-- address is another one since the person spoke. `caused_by`: the event that led to the last change.
CREATE TABLE choice (
    contact_id text PRIMARY KEY REFERENCES contact ON DELETE CASCADE,
    revision bigint NOT NULL CHECK (revision > 0),
    status text NOT NULL CHECK (status IN ('asked', 'confirmed', 'withdrawn', 'lapsed')),
    subscriptions jsonb NOT NULL DEFAULT '[]',
    quiet_hours jsonb,
    most_a_day int CHECK (most_a_day > 0),
    chosen_at timestamptz NOT NULL,
    spoke_at timestamptz,
    confirmed_at timestamptz,
    renew_by date,
    ask uuid,
    asked_at timestamptz,
    next_at timestamptz,
    moved boolean NOT NULL DEFAULT false,
    caused_by text NOT NULL DEFAULT '',
    correlation_id text NOT NULL DEFAULT '',
    judged boolean NOT NULL DEFAULT false,
    CHECK ((status = 'confirmed') <= (confirmed_at IS NOT NULL AND renew_by IS NOT NULL))
);
CREATE INDEX choice_unjudged ON choice (contact_id) WHERE NOT judged;
CREATE INDEX choice_by_topic ON choice USING gin (subscriptions jsonb_path_ops) WHERE status = 'confirmed';
CREATE INDEX choice_next ON choice (next_at) WHERE next_at IS NOT NULL;

-- What was stated before is asked for anew, since nobody knows who said yes.
INSERT INTO choice (contact_id, revision, status, subscriptions, chosen_at, ask, next_at)
SELECT id, 1, 'asked', subscriptions, clock_timestamp(), gen_random_uuid(), clock_timestamp()
FROM contact WHERE erased_at IS NULL AND subscriptions <> '[]';
DROP TRIGGER contact_wake ON contact;
ALTER TABLE contact DROP CONSTRAINT contact_check;
ALTER TABLE contact DROP COLUMN subscriptions, DROP COLUMN judged;
ALTER TABLE contact ADD CONSTRAINT contact_known_or_erased CHECK (
    CASE WHEN erased_at IS NULL
         THEN num_nulls(name, email, organisation) = 0
         ELSE num_nonnulls(name, email, organisation, borough, address_key) = 0 AND roles = '[]' END);

-- Addresses that mail must not go to, by a keyed hash; an erasure of the contact removes them too.
CREATE TABLE suppression (
    address_key bytea PRIMARY KEY,
    contact_id text,
    reason text NOT NULL CHECK (reason IN ('bounced', 'complained', 'by hand')),
    why text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX suppression_by_contact ON suppression (contact_id);

-- Mails that came back for now; several in a row suppress the address.
CREATE TABLE soft_bounce (
    mail_id uuid NOT NULL,
    contact_id text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (mail_id, contact_id)
);
CREATE INDEX soft_bounce_by_contact ON soft_bounce (contact_id, at);

-- Everything heard that a mail may tell of, as it is now; and the event by which it was first heard. `current` says
-- whether it is worth telling now: an open role, a demand that is shared, a match that is proposed.
CREATE TABLE thing (
    kind text NOT NULL,
    id text NOT NULL,
    revision bigint NOT NULL,
    current boolean NOT NULL,
    state jsonb NOT NULL,
    event_id text NOT NULL,
    correlation_id text NOT NULL,
    first_heard_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    heard_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    judged boolean NOT NULL DEFAULT false,
    PRIMARY KEY (kind, id)
);
CREATE INDEX thing_unjudged ON thing (kind, id) WHERE NOT judged;
CREATE INDEX thing_current ON thing (kind, id) WHERE current;
CREATE INDEX thing_by_time ON thing (kind, first_heard_at);
CREATE INDEX thing_of_role ON thing ((state ->> 'role_id')) WHERE kind = 'signal';
INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, judged)
SELECT 'role', id, revision, status = 'open', state, event_id, correlation_id, judged FROM role;
INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, judged)
SELECT 'match', id, revision, false, '{"shortlist": []}' || state, '', '', true FROM match;
DROP TABLE role, match;

-- What is told: of which thing, how often it was said what became of it, how much it matters to this contact, and why
-- it is not due at once.
ALTER TABLE notification ADD COLUMN thing_kind text, ADD COLUMN thing_id text,
    ADD COLUMN revision int NOT NULL DEFAULT 0,
    ADD COLUMN relevance real NOT NULL DEFAULT 0,
    ADD COLUMN held text,
    ADD COLUMN returned text,  -- why the mail came back from this contact
    ADD COLUMN complained_at timestamptz,  -- when this contact said that the mail was not wanted
    ADD COLUMN carried boolean NOT NULL DEFAULT false,  -- held back by a day's limit: it goes with the next mail
    ADD COLUMN mailed_at timestamptz DEFAULT clock_timestamp();  -- since when it is in its mail, if it is in one
UPDATE notification SET thing_kind = CASE kind WHEN 'new role' THEN 'role' ELSE 'match' END, thing_id = about;
-- Who asked may be introduced to a second supporter later: its half of an introduction names the supporter.
UPDATE notification SET about = about || ' ' || (thing.state -> 'accepted' ->> 'contact_id')
FROM thing
WHERE notification.kind = 'introduction' AND thing.kind = 'match' AND thing.id = notification.thing_id
  AND notification.contact_id = thing.state ->> 'requester_contact_id'
  AND thing.state -> 'accepted' ->> 'contact_id' IS NOT NULL;
ALTER TABLE notification DROP CONSTRAINT notification_kind_check;
ALTER TABLE notification ADD CONSTRAINT notification_kind_check CHECK (kind IN (
    'new role', 'benchmark moved', 'offer below market', 'shared demand', 'novel role', 'match proposed',
    'introduction', 'follow-up due', 'source failing', 'library news', 'event', 'newsletter',
    'confirmation', 'renewal'));
DROP INDEX notification_without_mail;
CREATE INDEX notification_without_mail ON notification (due_at) WHERE mail_id IS NULL AND withheld IS NULL;
CREATE INDEX notification_waiting_by_contact ON notification (contact_id, due_at) WHERE mail_id IS NULL AND withheld IS NULL;
CREATE INDEX notification_carried ON notification (contact_id) WHERE carried AND mail_id IS NULL AND withheld IS NULL;
CREATE INDEX notification_to_introduce ON notification (id)
    WHERE kind = 'introduction' AND mail_id IS NULL AND withheld IS NULL;
DROP INDEX notification_by_contact;
CREATE INDEX notification_by_contact ON notification (contact_id, mailed_at);  -- how many mails a contact got today

-- `digest` carries whatever is due to one contact at one moment, one thing or many.
ALTER TABLE mail DROP CONSTRAINT mail_kind_check, DROP CONSTRAINT mail_status_check;
UPDATE mail SET kind = 'digest' WHERE kind = 'new role';
UPDATE notification SET revision = 1 FROM mail WHERE mail.id = mail_id AND mail.status = 'sent';
-- From now on `due_at` of a mail in hand says when it is in doubt.
UPDATE mail SET due_at = clock_timestamp() + interval '1 minute' WHERE status = 'sending';
ALTER TABLE mail ADD CONSTRAINT mail_kind_check CHECK (kind IN (
    'digest', 'introduction', 'confirmation', 'renewal', 'newsletter'));
ALTER TABLE mail ADD CONSTRAINT mail_status_check CHECK (status IN (
    'due', 'sending', 'sent', 'refused', 'withheld', 'returned'));
ALTER TABLE mail ADD COLUMN urgency smallint NOT NULL DEFAULT 1;
DROP INDEX mail_to_send;
CREATE INDEX mail_to_send ON mail (urgency, due_at) WHERE status IN ('due', 'sending');
CREATE INDEX mail_sent ON mail (sent_at) WHERE status = 'sent';

-- Newsletters: when one is to be sent, when sending began, when every reader had its mail in the ledger, and when
-- the last of those mails had left or was given up.
CREATE TABLE edition (
    id text PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 0,
    status text NOT NULL CHECK (status IN ('draft', 'scheduled', 'sending', 'sent', 'cancelled')),
    title text NOT NULL,
    summary text NOT NULL,
    markdown text NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    send_at timestamptz,
    began_at timestamptz,
    gathered_at timestamptz,
    sent_at timestamptz
);
CREATE INDEX edition_to_send ON edition (send_at) WHERE status <> 'draft' AND sent_at IS NULL;

-- Who is woken is told by what: mails are to be sent, everything else is to be made into mails first.
CREATE OR REPLACE FUNCTION mail_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('mail', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER thing_wake AFTER INSERT OR UPDATE ON thing
    FOR EACH ROW WHEN (NOT NEW.judged) EXECUTE FUNCTION mail_wake();
CREATE TRIGGER contact_wake AFTER INSERT OR UPDATE ON contact  -- an introduction may have waited for it
    FOR EACH ROW EXECUTE FUNCTION mail_wake();
CREATE TRIGGER choice_wake AFTER INSERT OR UPDATE ON choice
    FOR EACH ROW WHEN (NOT NEW.judged) EXECUTE FUNCTION mail_wake();
CREATE TRIGGER edition_wake AFTER INSERT OR UPDATE ON edition
    FOR EACH ROW WHEN (NEW.status IN ('scheduled', 'sending')) EXECUTE FUNCTION mail_wake();

-- A match that is said anew may still carry the note of somebody who was erased here.
CREATE FUNCTION thing_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM contact WHERE id = NEW.state ->> 'requester_contact_id' AND erased_at IS NOT NULL) THEN
        NEW.state := NEW.state - 'note';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER thing_forget BEFORE INSERT OR UPDATE ON thing
    FOR EACH ROW WHEN (NEW.kind = 'match' AND NEW.state ? 'note') EXECUTE FUNCTION thing_forget();
