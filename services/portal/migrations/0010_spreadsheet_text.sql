-- A text that begins with a line break or `|` is a formula to some spreadsheets, too (OWASP, CSV injection).
CREATE OR REPLACE FUNCTION spreadsheet_text(said text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN said ~ '^[-=+@\t\r\n|]' THEN '''' || said ELSE said END;
