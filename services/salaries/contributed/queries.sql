-- name: lock_contributed()!
-- One import, withdrawal or recomputation at a time: each decision counts on every one before it.
SELECT pg_advisory_xact_lock(hashtext('contributed pay'));

-- name: save_upload(authority, as_of, uploaded_at, posts)!
-- A borough's newest upload.
INSERT INTO contributed_uploads VALUES (:authority, :as_of, :uploaded_at, :posts)
ON CONFLICT (authority) DO UPDATE SET
    as_of = excluded.as_of, uploaded_at = excluded.uploaded_at, posts = excluded.posts;

-- name: forget_upload(authority)$
-- Take a borough's contribution out, all of it; gives back how many posts it had, or nothing.
DELETE FROM contributed_uploads WHERE authority = :authority RETURNING posts;

-- name: forget_other_pay(authority, roles, levels)!
-- What the borough's newest upload does not have any more.
DELETE FROM contributed_pay WHERE authority = :authority AND (standard_role, level) NOT IN
    (SELECT * FROM unnest(:roles::text[], :levels::text[]));

-- name: save_pay(authority, standard_role, level, pay)*!
-- What the borough pays; the version stays where the pay is what it was.
INSERT INTO contributed_pay (authority, standard_role, level, pay)
VALUES (:authority, :standard_role, :level, :pay)
ON CONFLICT (authority, standard_role, level) DO UPDATE SET pay = excluded.pay, version = excluded.version
WHERE contributed_pay.pay <> excluded.pay;

-- name: contributions()
-- All that is contributed.
SELECT authority, standard_role, level, version, pay FROM contributed_pay ORDER BY standard_role, level, authority;

-- name: ledger()
-- Everything ever published, in order.
SELECT standard_role, level, area, published_at, parts, pay FROM contributed_ledger ORDER BY position;

-- name: add_to_ledger(standard_role, level, area, published_at, parts, pay)*!
-- This is published now, for ever.
INSERT INTO contributed_ledger (standard_role, level, area, published_at, parts, pay)
VALUES (:standard_role, :level, :area, :published_at, :parts, :pay);

-- name: shown()
-- The cells that show anything of contributed pay.
SELECT standard_role, level, area FROM contributed_shown;

-- name: forget_shown()!
-- The cells that show something are told anew.
DELETE FROM contributed_shown;

-- name: save_shown(roles, levels, areas)!
-- These cells show something.
INSERT INTO contributed_shown SELECT * FROM unnest(:roles::text[], :levels::text[], :areas::text[]);
