-- What demand has taken in of each role: so that what a role no longer says can be taken back, and so that what is
-- looked for can be found without reading every role there ever was.
CREATE TABLE demand_roles (
    role_id text PRIMARY KEY,
    title text NOT NULL,
    standard_role text,
    found_at timestamptz NOT NULL,
    -- When it closed; null while it is open.
    closed_at timestamptz,
    -- How many days it was advertised, where it closed.
    stood_days int,
    -- When time alone may make it hard to recruit; null where it cannot.
    look_again timestamptz
);
CREATE INDEX demand_roles_of_kind ON demand_roles (standard_role, closed_at, role_id);
CREATE INDEX demand_roles_closed ON demand_roles (closed_at, role_id) WHERE closed_at IS NOT NULL;
CREATE INDEX demand_roles_open ON demand_roles (found_at) WHERE closed_at IS NULL;
CREATE INDEX demand_roles_found ON demand_roles (found_at, role_id);
CREATE INDEX demand_roles_due ON demand_roles (look_again) WHERE look_again IS NOT NULL;

-- The requests that ask for help to fill a post of a standard role.
CREATE TABLE demand_requests (
    request_id text PRIMARY KEY,
    standard_role text NOT NULL,
    stated_at timestamptz NOT NULL
);
CREATE INDEX demand_requests_of_kind ON demand_requests (standard_role, stated_at);

-- Every standard role heard of: its shared demand as last said (null while it was never shared), and when time alone
-- may change it.
CREATE TABLE shared_demand (
    standard_role text PRIMARY KEY,
    state jsonb,
    look_again timestamptz
);
CREATE INDEX shared_demand_due ON shared_demand (look_again) WHERE look_again IS NOT NULL;

-- The roles that are, or once were, hard to recruit, as last said.
CREATE TABLE hard_roles (
    role_id text PRIMARY KEY,
    state jsonb NOT NULL
);

-- The roles that are, or once were, novel, as last said.
CREATE TABLE novel_roles (
    role_id text PRIMARY KEY,
    found_at timestamptz NOT NULL,
    words text[] NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX novel_roles_found ON novel_roles (found_at, role_id);

-- Which roles' titles have which word, head or kind of work, in the order in which the roles were found.
CREATE TABLE title_features (
    feature text NOT NULL,
    found_at timestamptz NOT NULL,
    role_id text NOT NULL,
    PRIMARY KEY (feature, found_at, role_id)
);
CREATE INDEX title_features_of_role ON title_features (role_id);

-- By what a feature finds those that are the same but for a slip or an ending. What is in it once stays: whether a role
-- still has the feature is for title_features to say.
CREATE TABLE feature_links (
    link text NOT NULL,
    feature text NOT NULL,
    PRIMARY KEY (link, feature)
);

-- The latest moment at which anything was decided: time never runs backwards, whichever process's clock is behind.
CREATE TABLE demand_clock (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    decided_at timestamptz NOT NULL
);
INSERT INTO demand_clock (decided_at) VALUES ('-infinity');
