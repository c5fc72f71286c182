-- Endpoints' secrets are kept sealed from now on: by the service, since the key is not in the database. Whoever pushes
-- seals those that are still in the clear; a secret in the clear goes on being read until then.
COMMENT ON COLUMN endpoints.secret IS 'sealed1.… (XChaCha20-Poly1305 under LOTI_WEBHOOK_KEYS), or whsec_… until it is sealed';
COMMENT ON COLUMN endpoints.old_secret IS 'as secret; it signs as well until old_secret_until, and is forgotten then';
