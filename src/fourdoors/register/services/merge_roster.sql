-- The national member export into the register. Every statement reads roster_to_merge and says the fate of its
-- rows; a row whose fate one statement has said is passed over by the next. Parameters: on, mandarin.
-- fate: new, changed; household, village, elsewhere (these stay out); null at the end means unchanged.

ALTER TABLE roster_to_merge
    ADD worker_id bigint, ADD household_id bigint, ADD household_is_new boolean, ADD fate text;

-- Indexes keep every join short whatever the planner believes of tables that were filled a moment ago.
CREATE INDEX ON roster_to_merge (identity_hash);
CREATE INDEX ON roster_to_merge (county, number);
CREATE INDEX ON roster_to_merge (worker_id);
CREATE INDEX ON roster_to_merge (household_id);
ANALYZE roster_to_merge;

-- Workers that are known. Another village is a removal, and that is a deed of its own.
-- A record that was merged into another stands for that one.
UPDATE roster_to_merge r SET worker_id = k.id, fate = CASE WHEN k.village <> r.village THEN 'village' END
FROM register_worker w JOIN register_worker k ON k.id = coalesce(w.merged_into_id, w.id)
WHERE w.identity_hash = r.identity_hash;

-- Households: those that are new are made; a number that this scope does not see belongs to another place.
WITH made AS (
    INSERT INTO register_household (village, county, number, address)
    SELECT DISTINCT ON (county, number) village, county, number, ''
    FROM roster_to_merge WHERE fate IS NULL ORDER BY county, number, row_id
    ON CONFLICT (county, number) DO NOTHING
    RETURNING id, county, number
)
UPDATE roster_to_merge r SET household_id = made.id, household_is_new = true FROM made
WHERE made.county = r.county AND made.number = r.number;

UPDATE roster_to_merge r SET household_id = h.id FROM register_household h
WHERE h.county = r.county AND h.number = r.number AND r.household_id IS NULL;

UPDATE roster_to_merge SET fate = 'household' WHERE household_id IS NULL AND fate IS NULL;

-- What is known otherwise changes; a blank cell takes nothing away.
WITH told AS (
    SELECT r.worker_id, r.name, r.name_pinyin, r.name_initials, r.at_school, r.source,
           coalesce(nullif(r.education, ''), w.education) AS education,
           coalesce(nullif(r.labour_capacity, ''), w.labour_capacity) AS labour_capacity,
           coalesce(r.phone_hash, w.phone_hash) AS phone_hash,
           coalesce(r.phone_cipher, w.phone_cipher) AS phone_cipher,
           coalesce(nullif(r.phone_tail, ''), w.phone_tail) AS phone_tail
    FROM roster_to_merge r JOIN register_worker w ON w.id = r.worker_id
    WHERE r.fate IS NULL
), changed AS (
    UPDATE register_worker w SET
        name = told.name, name_pinyin = told.name_pinyin, name_initials = told.name_initials,
        at_school = told.at_school, education = told.education, labour_capacity = told.labour_capacity,
        phone_hash = told.phone_hash, phone_cipher = told.phone_cipher, phone_tail = told.phone_tail,
        source = told.source
    FROM told
    WHERE w.id = told.worker_id
      AND (w.name, w.at_school, w.education, w.labour_capacity, w.phone_hash) IS DISTINCT FROM
          (told.name, told.at_school, told.education, told.labour_capacity, told.phone_hash)
    RETURNING w.id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM changed WHERE changed.id = r.worker_id;

-- Workers that are new. A number that another county holds is seen by nobody here, and conflicts.
WITH made AS (
    INSERT INTO register_worker (
        village, county, identity_hash, identity_cipher, identity_tail, name, name_pinyin, name_initials, sex,
        born_on, education, labour_capacity, at_school, phone_hash, phone_cipher, phone_tail, source, grade,
        registered_at)
    SELECT
        village, county, identity_hash, identity_cipher, identity_tail, name, name_pinyin, name_initials, sex,
        born_on, education, labour_capacity, at_school, phone_hash, phone_cipher, phone_tail, source, grade,
        registered_at
    FROM roster_to_merge WHERE worker_id IS NULL AND fate IS NULL ORDER BY row_id
    ON CONFLICT (identity_hash) DO NOTHING
    RETURNING id, identity_hash
)
UPDATE roster_to_merge r SET worker_id = made.id, fate = 'new' FROM made
WHERE made.identity_hash = r.identity_hash;

UPDATE roster_to_merge SET fate = 'elsewhere' WHERE worker_id IS NULL AND fate IS NULL;

DELETE FROM register_household h USING roster_to_merge r
WHERE h.id = r.household_id AND r.household_is_new AND NOT EXISTS (
    SELECT FROM roster_to_merge kept WHERE kept.household_id = h.id
    AND (kept.fate IS NULL OR kept.fate IN ('new', 'changed')));

ANALYZE roster_to_merge;

-- Who belongs to which household.
WITH gone AS (
    UPDATE register_membership m SET to_on = %(on)s FROM roster_to_merge r
    WHERE m.worker_id = r.worker_id AND m.to_on IS NULL AND m.household_id <> r.household_id
      AND (r.fate IS NULL OR r.fate = 'changed')
    RETURNING m.worker_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM gone WHERE gone.worker_id = r.worker_id;

WITH renamed AS (
    UPDATE register_membership m SET relation = r.relation FROM roster_to_merge r
    WHERE m.worker_id = r.worker_id AND m.to_on IS NULL AND m.household_id = r.household_id
      AND (r.fate IS NULL OR r.fate = 'changed') AND r.relation <> '' AND m.relation <> r.relation
    RETURNING m.worker_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM renamed WHERE renamed.worker_id = r.worker_id;

INSERT INTO register_membership (household_id, worker_id, village, county, relation, from_on)
SELECT r.household_id, r.worker_id, r.village, r.county, coalesce(nullif(r.relation, ''), 'other'), %(on)s
FROM roster_to_merge r
WHERE (r.fate IS NULL OR r.fate IN ('new', 'changed')) AND NOT EXISTS (
    SELECT FROM register_membership m WHERE m.worker_id = r.worker_id AND m.to_on IS NULL);

-- What a household was recognised as; days that are covered already stay as they are.
WITH made AS (
    INSERT INTO register_householdstatus (household_id, village, county, kind, from_on, source, grade)
    SELECT DISTINCT ON (r.household_id, r.status)
           r.household_id, h.village, h.county, r.status, r.status_from, r.source, 'B'
    FROM roster_to_merge r JOIN register_household h ON h.id = r.household_id
    WHERE r.status <> '' AND (r.fate IS NULL OR r.fate IN ('new', 'changed')) AND NOT EXISTS (
        SELECT FROM register_householdstatus s WHERE s.household_id = r.household_id
        AND s.kind = r.status AND (s.to_on IS NULL OR s.to_on > r.status_from))
    ORDER BY r.household_id, r.status, r.row_id
    RETURNING household_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM made
WHERE made.household_id = r.household_id AND r.fate IS NULL;

WITH made AS (
    INSERT INTO register_skill (worker_id, village, county, occupation, words, source, grade)
    SELECT r.worker_id, r.village, r.county, '', %(mandarin)s, r.source, r.grade
    FROM roster_to_merge r
    WHERE r.mandarin AND (r.fate IS NULL OR r.fate IN ('new', 'changed'))
    ON CONFLICT (worker_id, words) DO NOTHING
    RETURNING worker_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM made
WHERE made.worker_id = r.worker_id AND r.fate IS NULL;
