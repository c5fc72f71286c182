-- Who is signed in, which sign-in links can be used, and how many were asked for. Secrets are kept as hashes alone.

-- A session ends with its time, at sign-out, with its contact, and when the contact's address becomes another one.
CREATE TABLE portal_session (
    id_hash bytea PRIMARY KEY,          -- SHA-256 of the id that the cookie has
    contact_id text NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    email_key text NOT NULL,            -- the address that was proved
    began_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX portal_session_by_contact ON portal_session (contact_id);
CREATE INDEX portal_session_by_end ON portal_session (ends_at);

-- A link that was mailed and not used yet. It goes when it is used, and soon after its time.
CREATE TABLE sign_in_link (
    token_hash bytea PRIMARY KEY,       -- SHA-256 of the token in the link
    email text NOT NULL,                -- the address that whoever has the link reads
    email_key text NOT NULL,
    back_to text NOT NULL,              -- the page of ours to go on to
    made_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX sign_in_link_by_end ON sign_in_link (ends_at);
CREATE INDEX sign_in_link_by_address ON sign_in_link (email_key);

-- Every time that somebody asked for a link, or subscribed, for an hour: keyed hashes, so that nobody can be found by it.
CREATE TABLE sign_in_ask (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address bytea NOT NULL,
    client bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sign_in_ask_by_address ON sign_in_ask (address, at);
CREATE INDEX sign_in_ask_by_client ON sign_in_ask (client, at);
CREATE INDEX sign_in_ask_by_time ON sign_in_ask (at);

CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_of_asks ON audit (at) WHERE what = 'asked to hear from us';

-- What was asked for and is not answered by mail yet: a sign-in link, or (`wants`) subscriptions, which become a contact
-- where the address is not known. It is answered apart from the page that it was asked on, so that nobody can tell by
-- the page, or by how long it took, whether we know an address.
CREATE TABLE sign_in_post (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    back_to text NOT NULL,
    wants jsonb,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,        -- not before, since another process has it in hand, or the relay did not take it
    tries integer NOT NULL DEFAULT 0
);
CREATE INDEX sign_in_post_by_due ON sign_in_post (due_at);
