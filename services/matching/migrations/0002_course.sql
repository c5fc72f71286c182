-- How far a match is, and when it got there first. `answered_revision` holds for lapsed requests as well.
ALTER TABLE matches
    ADD COLUMN stage text,
    ADD COLUMN said_revision int,
    -- The outcome is known: the supporter is free again, and it counts in their track record.
    ADD COLUMN finished boolean NOT NULL DEFAULT false,
    ADD COLUMN good boolean,
    -- The next day on which somebody is to be asked how it went.
    ADD COLUMN follow_up_on date,
    ADD COLUMN first_proposed_at timestamptz,
    ADD COLUMN first_answered_at timestamptz,
    ADD COLUMN introduced_at timestamptz,
    ADD COLUMN outcome_at timestamptz;
UPDATE matches SET
    stage = status,
    first_proposed_at = (state ->> 'proposed_at')::timestamptz,
    first_answered_at = (state ->> 'answered_at')::timestamptz;
CREATE INDEX matches_to_follow_up ON matches (follow_up_on) WHERE follow_up_on IS NOT NULL;

-- Who is on the shortlist now, what the last of them scores, and on which day that was looked at.
ALTER TABLE requests
    ADD COLUMN shortlisted text[] NOT NULL DEFAULT '{}',
    ADD COLUMN worst float8,
    ADD COLUMN judged_on date,
    ADD COLUMN first_stated_at timestamptz;
UPDATE requests SET first_stated_at = (state ->> 'stated_at')::timestamptz;
-- (The table `waiting` is no longer written; what waits, and why, is found when somebody asks.)

-- Every change of what is known of a supporter, their load and track record included, gets the next position, so that
-- a process can keep everybody in memory and read what changed since it last looked.
ALTER TABLE supporters
    ADD COLUMN stated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN position bigint NOT NULL DEFAULT 0,
    ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE SEQUENCE supporters_changes;
UPDATE supporters SET position = nextval('supporters_changes');
CREATE INDEX supporters_by_position ON supporters (position);

CREATE FUNCTION supporter_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.position := nextval('supporters_changes');
    NEW.written_by := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE TRIGGER supporter_changes BEFORE INSERT OR UPDATE ON supporters
    FOR EACH ROW EXECUTE FUNCTION supporter_changes();

CREATE FUNCTION supporter_is_taken_or_freed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE supporters SET kind = kind
    WHERE id = NEW.accepted_supporter_id OR TG_OP = 'UPDATE' AND id = OLD.accepted_supporter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER supporter_is_taken AFTER INSERT ON matches
    FOR EACH ROW WHEN (NEW.accepted_supporter_id IS NOT NULL) EXECUTE FUNCTION supporter_is_taken_or_freed();
CREATE TRIGGER supporter_is_taken_or_freed AFTER UPDATE ON matches
    FOR EACH ROW WHEN ((OLD.accepted_supporter_id, OLD.finished, OLD.good)
        IS DISTINCT FROM (NEW.accepted_supporter_id, NEW.finished, NEW.good))
    EXECUTE FUNCTION supporter_is_taken_or_freed();

-- The last outcome stated of each match.
CREATE TABLE outcomes (
    match_id text PRIMARY KEY REFERENCES matches,
    revision int NOT NULL,
    state jsonb NOT NULL
);

-- Every role heard of, as it is now; the state without its long description.
CREATE TABLE roles (
    id text PRIMARY KEY,
    revision int NOT NULL,
    status text NOT NULL,
    title text NOT NULL,
    standard_role text,
    family text,
    level text,
    -- GSS codes of the authorities that advertise it.
    boroughs text[] NOT NULL,
    found_at timestamptz NOT NULL,
    closed_at timestamptz,
    posted_on date,
    closes_on date,
    readvertises text,
    state jsonb NOT NULL
);
CREATE INDEX roles_open ON roles (standard_role) WHERE status = 'open';
