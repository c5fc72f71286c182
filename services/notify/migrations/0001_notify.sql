-- A person or shared mailbox that mail may go to. An erased contact keeps its id and the time, nothing else.
CREATE TABLE contact (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    name text,
    email text,
    organisation text,
    borough text,
    subscriptions jsonb NOT NULL DEFAULT '[]',
    erased_at timestamptz,
    judged boolean NOT NULL DEFAULT false,
    CHECK (CASE WHEN erased_at IS NULL
                THEN num_nulls(name, email, organisation) = 0
                ELSE num_nonnulls(name, email, organisation, borough) = 0 AND subscriptions = '[]' END)
);
CREATE INDEX contact_unjudged ON contact (id) WHERE NOT judged;

-- Every role heard of, as it is now, without its long description; and the event by which it was first heard.
CREATE TABLE role (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    status text NOT NULL,
    state jsonb NOT NULL,
    event_id text NOT NULL,
    correlation_id text NOT NULL,
    judged boolean NOT NULL DEFAULT false
);
CREATE INDEX role_unjudged ON role (id) WHERE NOT judged;
CREATE INDEX role_open ON role (id) WHERE status = 'open';

-- The matches that were accepted, as they are now.
CREATE TABLE match (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    state jsonb NOT NULL
);

-- The ledger of mails. One that cannot be sent is kept with the reason.
CREATE TABLE mail (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('new role', 'introduction')),
    status text NOT NULL DEFAULT 'due' CHECK (status IN ('due', 'sending', 'sent', 'refused', 'withheld')),
    attempts int NOT NULL DEFAULT 0,
    doubts int NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_at timestamptz,
    sent_at timestamptz,
    answer text
);
CREATE INDEX mail_to_send ON mail (due_at) WHERE status IN ('due', 'sending');

-- The ledger of what was told to whom: one row for ever for each thing and contact. Ids alone: it outlives
-- the contact.
CREATE TABLE notification (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('new role', 'introduction')),
    about text NOT NULL,
    contact_id text NOT NULL,
    caused_by text NOT NULL,
    correlation_id text NOT NULL,
    why text NOT NULL,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    withheld text,
    mail_id uuid REFERENCES mail,
    UNIQUE (kind, about, contact_id)
);
CREATE INDEX notification_without_mail ON notification (contact_id, due_at) WHERE mail_id IS NULL AND withheld IS NULL;
CREATE INDEX notification_by_mail ON notification (mail_id);
CREATE INDEX notification_by_event ON notification (caused_by);
CREATE INDEX notification_by_contact ON notification (contact_id);

-- Whatever gives the sender work wakes it when it is committed.
CREATE FUNCTION mail_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('mail', '');
    RETURN NULL;
END $$;

CREATE TRIGGER contact_wake AFTER INSERT OR UPDATE ON contact
    FOR EACH ROW WHEN (NOT NEW.judged) EXECUTE FUNCTION mail_wake();
CREATE TRIGGER role_wake AFTER INSERT OR UPDATE ON role
    FOR EACH ROW WHEN (NOT NEW.judged) EXECUTE FUNCTION mail_wake();
CREATE TRIGGER mail_wake AFTER INSERT OR UPDATE ON mail
    FOR EACH ROW WHEN (NEW.status = 'due') EXECUTE FUNCTION mail_wake();
