#!/bin/sh
# One database and one login role for each service that has a variable PASSWORD_OF_<service>, closed to the others; a
# service's role can connect to no other database.
# Runs at every start; what exists is kept, and gets the password that is now given. Talks to PGHOST as PGUSER.
set -eu

env | sed -n 's/^PASSWORD_OF_\([a-z_]*\)=.*/\1/p' | sort | while read -r service; do
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set who="loti_$service" --set variable="PASSWORD_OF_$service" \
    --dbname postgres <<'SQL'
\getenv password :variable
SELECT format('CREATE ROLE %I', :'who')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'who') \gexec
ALTER ROLE :"who" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS LOGIN PASSWORD :'password';
-- The built-in locale, so that a newer image with another C library cannot put an index out of order.
SELECT format(
  'CREATE DATABASE %1$I OWNER %1$I TEMPLATE template0 ENCODING ''UTF8'' '
  'LOCALE ''C'' LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8''', :'who')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'who') \gexec
REVOKE ALL ON DATABASE :"who", postgres, template1 FROM PUBLIC;
SQL
  echo "the database loti_$service is there"
done
