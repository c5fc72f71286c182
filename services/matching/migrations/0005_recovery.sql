-- What was decided is taken over from the topics before what it was decided from is heard again, so that a match may be
-- known before its request, and a place before its supporter.
ALTER TABLE matches DROP CONSTRAINT matches_request_id_fkey;
ALTER TABLE matches DROP CONSTRAINT matches_accepted_supporter_id_fkey;
ALTER TABLE round_places DROP CONSTRAINT round_places_request_id_fkey;
ALTER TABLE round_places DROP CONSTRAINT round_places_round_id_fkey;
ALTER TABLE round_places DROP CONSTRAINT round_places_supporter_id_fkey;
ALTER TABLE waiting DROP CONSTRAINT waiting_request_id_fkey;
