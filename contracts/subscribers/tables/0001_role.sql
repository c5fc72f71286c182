CREATE TABLE role (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    status text NOT NULL,
    title text NOT NULL,
    boroughs text[] NOT NULL,
    closes_on date,
    link text
);
