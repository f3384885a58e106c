-- The national member export into the register. Every statement reads roster_to_merge and says the fate of its
-- rows; a row whose fate one statement has said is passed over by the next. Parameters: on, mandarin, two (the facts
-- that need a second officer in this province), at, by.
-- fate: new, changed; household, village, elsewhere, same (these stay out); null at the end means unchanged.

ALTER TABLE roster_to_merge
    ADD worker_id bigint, ADD household_id bigint, ADD household_is_new boolean, ADD fate text;

-- Indexes keep every join short whatever the planner believes of tables that were filled a moment ago.
CREATE INDEX ON roster_to_merge (identity_hash);
CREATE INDEX ON roster_to_merge (county, number);
CREATE INDEX ON roster_to_merge (worker_id);
CREATE INDEX ON roster_to_merge (household_id);
ANALYZE roster_to_merge;

-- A register that was just filled, or whose rehearsal was just taken back, may look empty to the planner, and it
-- would go through all of it for every row. Its size on the disk (some 300 bytes a worker) does not err: where the
-- roster is a good part of the register, whole tables are joined.
SELECT set_config('enable_nestloop', 'off', true)
WHERE (SELECT count(*) FROM roster_to_merge) * 20 > pg_relation_size('register_worker') / 300;

-- Workers that are known. Another village is a removal, and that is a deed of its own.
-- A record that was merged into another stands for that one.
UPDATE roster_to_merge r SET worker_id = k.id, fate = CASE WHEN k.village <> r.village THEN 'village' END
FROM register_worker w JOIN register_worker k ON k.id = coalesce(w.merged_into_id, w.id)
WHERE w.identity_hash = r.identity_hash;

-- Both numbers of a person of two records in one file: the kept record's row counts, else the first.
UPDATE roster_to_merge r SET fate = 'same' FROM register_worker k
WHERE k.id = r.worker_id AND k.identity_hash <> r.identity_hash AND r.fate IS NULL AND EXISTS (
    SELECT FROM roster_to_merge o WHERE o.worker_id = r.worker_id AND o.row_id <> r.row_id AND o.fate IS NULL
    AND (o.identity_hash = k.identity_hash OR o.row_id < r.row_id));

-- Households: those that are new are made, a blank number (无户) is none; a number that this scope does not see belongs to another place.
WITH made AS (
    INSERT INTO register_household (village, county, number, address, source, grade)
    SELECT DISTINCT ON (county, number) village, county, number, '', source, grade
    FROM roster_to_merge WHERE fate IS NULL AND number <> '' ORDER BY county, number, row_id
    ON CONFLICT (county, number) DO NOTHING
    RETURNING id, county, number
)
UPDATE roster_to_merge r SET household_id = made.id, household_is_new = true FROM made
WHERE made.county = r.county AND made.number = r.number;

UPDATE roster_to_merge r SET household_id = h.id FROM register_household h
WHERE h.county = r.county AND h.number = r.number AND r.household_id IS NULL;

UPDATE roster_to_merge SET fate = 'household'
WHERE household_id IS NULL AND number <> '' AND fate IS NULL;

-- What is known otherwise and needs a second officer waits for one; the same change is not proposed twice.
INSERT INTO register_proposal (
    village, county, worker_id, household_id, fact, from_text, to_text, from_hash, to_hash, phone_cipher, relation,
    from_on, source, grade, state, proposed_by_id, proposed_at, reason)
SELECT w.village, w.county, w.id, NULL, f.fact, f.before, f.after, f.hash_before, f.hash_after, f.cipher,
       f.relation, f.from_on, r.source, r.grade, 'open', %(by)s, %(at)s, ''
FROM roster_to_merge r
JOIN register_worker w ON w.id = r.worker_id
LEFT JOIN register_membership m ON m.worker_id = w.id AND m.to_on IS NULL
LEFT JOIN register_household h ON h.id = m.household_id
CROSS JOIN LATERAL (VALUES
    ('name', w.name, r.name, NULL::bytea, NULL::bytea, NULL::bytea, '', NULL::date),
    ('education', w.education, r.education, NULL, NULL, NULL, '', NULL),
    ('labour_capacity', w.labour_capacity, r.labour_capacity, NULL, NULL, NULL, '', NULL),
    ('at_school', CASE WHEN w.at_school THEN 'yes' ELSE 'no' END, CASE WHEN r.at_school THEN 'yes' ELSE 'no' END,
     NULL, NULL, NULL, '', NULL),
    ('phone', w.phone_tail, r.phone_tail, w.phone_hash, r.phone_hash, r.phone_cipher, '', NULL),
    ('household', coalesce(h.number, ''), r.number, NULL, NULL, NULL, coalesce(nullif(r.relation, ''), 'other'),
     %(on)s::date)
) f (fact, before, after, hash_before, hash_after, cipher, relation, from_on)
WHERE cardinality(%(two)s::text[]) > 0 AND r.fate IS NULL AND f.fact = ANY(%(two)s::text[]) AND f.after <> ''
  AND (f.before, f.hash_before) IS DISTINCT FROM (f.after, f.hash_after)
  AND NOT EXISTS (
    SELECT FROM register_proposal p WHERE p.worker_id = w.id AND p.fact = f.fact AND p.state = 'open'
    AND p.to_text = f.after AND p.to_hash IS NOT DISTINCT FROM f.hash_after);

-- What else is known otherwise changes; a blank cell takes nothing away.
WITH given AS (
    SELECT r.*, 'name' = ANY(%(two)s::text[]) AS name_waits,
           'phone' = ANY(%(two)s::text[]) OR r.phone_hash IS NULL AS phone_waits
    FROM roster_to_merge r WHERE r.worker_id IS NOT NULL AND r.fate IS NULL
), told AS (
    SELECT r.worker_id, r.source, r.grade,
           CASE WHEN name_waits THEN w.name ELSE r.name END AS name,
           CASE WHEN name_waits THEN w.name_pinyin ELSE r.name_pinyin END AS name_pinyin,
           CASE WHEN name_waits THEN w.name_initials ELSE r.name_initials END AS name_initials,
           CASE WHEN 'at_school' = ANY(%(two)s::text[]) THEN w.at_school ELSE r.at_school END AS at_school,
           CASE WHEN 'education' = ANY(%(two)s::text[]) THEN w.education
                ELSE coalesce(nullif(r.education, ''), w.education) END AS education,
           CASE WHEN 'labour_capacity' = ANY(%(two)s::text[]) THEN w.labour_capacity
                ELSE coalesce(nullif(r.labour_capacity, ''), w.labour_capacity) END AS labour_capacity,
           CASE WHEN phone_waits THEN w.phone_hash ELSE r.phone_hash END AS phone_hash,
           CASE WHEN phone_waits THEN w.phone_cipher ELSE r.phone_cipher END AS phone_cipher,
           CASE WHEN phone_waits THEN w.phone_tail ELSE r.phone_tail END AS phone_tail
    FROM given r JOIN register_worker w ON w.id = r.worker_id
), changed AS (
    UPDATE register_worker w SET
        name = told.name, name_pinyin = told.name_pinyin, name_initials = told.name_initials,
        at_school = told.at_school, education = told.education, labour_capacity = told.labour_capacity,
        phone_hash = told.phone_hash, phone_cipher = told.phone_cipher, phone_tail = told.phone_tail,
        source = told.source, grade = told.grade
    FROM told
    WHERE w.id = told.worker_id
      AND (w.name, w.at_school, w.education, w.labour_capacity, w.phone_hash) IS DISTINCT FROM
          (told.name, told.at_school, told.education, told.labour_capacity, told.phone_hash)
    RETURNING w.id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM changed
WHERE changed.id = r.worker_id AND r.fate IS NULL;

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
      AND NOT 'household' = ANY(%(two)s::text[])
      AND (r.fate IS NULL OR r.fate = 'changed')
    RETURNING m.worker_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM gone
WHERE gone.worker_id = r.worker_id AND r.fate IS NULL;

WITH renamed AS (
    UPDATE register_membership m SET relation = r.relation, source = r.source, grade = r.grade
    FROM roster_to_merge r
    WHERE m.worker_id = r.worker_id AND m.to_on IS NULL AND m.household_id = r.household_id
      AND (r.fate IS NULL OR r.fate = 'changed') AND r.relation <> '' AND m.relation <> r.relation
    RETURNING m.worker_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM renamed
WHERE renamed.worker_id = r.worker_id AND r.fate IS NULL;

INSERT INTO register_membership (household_id, worker_id, village, county, relation, from_on, source, grade)
SELECT r.household_id, r.worker_id, r.village, r.county, coalesce(nullif(r.relation, ''), 'other'), %(on)s,
       r.source, r.grade
FROM roster_to_merge r
WHERE (r.fate IS NULL OR r.fate IN ('new', 'changed')) AND r.household_id IS NOT NULL
  AND (r.fate = 'new' OR NOT 'household' = ANY(%(two)s::text[])) AND NOT EXISTS (
    SELECT FROM register_membership m WHERE m.worker_id = r.worker_id AND m.to_on IS NULL);

-- What a household was recognised as; days that are covered already stay as they are.
INSERT INTO register_proposal (
    village, county, worker_id, household_id, fact, from_text, to_text, from_hash, to_hash, phone_cipher, relation,
    from_on, source, grade, state, proposed_by_id, proposed_at, reason)
SELECT DISTINCT ON (r.household_id, r.status)
       h.village, h.county, NULL::bigint, h.id, 'status', '', r.status, NULL::bytea, NULL::bytea, NULL::bytea, '',
       r.status_from, r.source, 'B', 'open', %(by)s, %(at)s, ''
FROM roster_to_merge r JOIN register_household h ON h.id = r.household_id
WHERE 'status' = ANY(%(two)s::text[]) AND r.household_is_new IS NOT TRUE AND r.status <> ''
  AND (r.fate IS NULL OR r.fate IN ('new', 'changed')) AND NOT EXISTS (
    SELECT FROM register_householdstatus s WHERE s.household_id = r.household_id
    AND s.kind = r.status AND (s.to_on IS NULL OR s.to_on > r.status_from))
  AND NOT EXISTS (
    SELECT FROM register_proposal p WHERE p.household_id = h.id AND p.fact = 'status' AND p.state = 'open'
    AND p.to_text = r.status)
ORDER BY r.household_id, r.status, r.row_id;

WITH made AS (
    INSERT INTO register_householdstatus (household_id, village, county, kind, from_on, source, grade)
    SELECT DISTINCT ON (r.household_id, r.status)
           r.household_id, h.village, h.county, r.status, r.status_from, r.source, 'B'
    FROM roster_to_merge r JOIN register_household h ON h.id = r.household_id
    WHERE r.status <> '' AND (r.household_is_new OR NOT 'status' = ANY(%(two)s::text[]))
      AND (r.fate IS NULL OR r.fate IN ('new', 'changed')) AND NOT EXISTS (
        SELECT FROM register_householdstatus s WHERE s.household_id = r.household_id
        AND s.kind = r.status AND (s.to_on IS NULL OR s.to_on > r.status_from))
    ORDER BY r.household_id, r.status, r.row_id
    RETURNING household_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM made
WHERE made.household_id = r.household_id AND r.fate IS NULL;

WITH made AS (
    INSERT INTO register_skill (worker_id, village, county, occupation, words, known_on, source, grade)
    SELECT r.worker_id, r.village, r.county, '', %(mandarin)s, %(on)s, r.source, r.grade
    FROM roster_to_merge r
    WHERE r.mandarin AND (r.fate IS NULL OR r.fate IN ('new', 'changed'))
    ON CONFLICT (worker_id, words) DO NOTHING
    RETURNING worker_id
)
UPDATE roster_to_merge r SET fate = 'changed' FROM made
WHERE made.worker_id = r.worker_id AND r.fate IS NULL;
