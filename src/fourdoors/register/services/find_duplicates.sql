-- Probable duplicates (疑似重复) by the weights of Fellegi and Sunter (1969): for each thing that two records say
-- alike or otherwise, log2(m / u) bits, where m is how often records of one person agree so and u how often
-- records of two people do. u of names and places is counted here, so a common name says less than a rare one.
-- Parameters: lo, hi; duplicate_share (expected), least_probability; at.

CREATE TEMP TABLE duplicate_people ON COMMIT DROP AS
SELECT w.id, w.village, w.county, w.name, left(w.name, 1) AS surname, w.name_letters AS letters, w.born_on,
       extract(year FROM w.born_on) AS born_year, w.sex, w.phone_hash, m.household_id,
       count(*) OVER (PARTITION BY w.name_letters) AS of_name,
       count(*) OVER (PARTITION BY w.village) AS of_village,
       count(*) OVER (PARTITION BY w.village / 1000) AS of_township,
       count(*) OVER (PARTITION BY w.county) AS of_county,
       count(*) OVER () AS people
FROM register_worker w
LEFT JOIN register_membership m ON m.worker_id = w.id AND m.to_on IS NULL
WHERE w.merged_into_id IS NULL AND w.village >= %(lo)s AND w.village < %(hi)s;
ANALYZE duplicate_people;

-- Only pairs that agree in enough to be worth a look: everybody against everybody would be 10^13 comparisons.
-- A phone that more than ten share is a village office's.
CREATE TEMP TABLE duplicate_candidates ON COMMIT DROP AS
WITH shared AS (
    SELECT phone_hash FROM duplicate_people WHERE phone_hash IS NOT NULL
    GROUP BY phone_hash HAVING count(*) BETWEEN 2 AND 10
)
SELECT a.id AS first_id, b.id AS second_id
FROM shared JOIN duplicate_people a USING (phone_hash) JOIN duplicate_people b USING (phone_hash)
WHERE a.id < b.id
UNION
SELECT a.id, b.id FROM duplicate_people a
JOIN duplicate_people b ON a.letters = b.letters AND a.born_on = b.born_on AND a.id < b.id
UNION
SELECT a.id, b.id FROM duplicate_people a
JOIN duplicate_people b ON a.letters = b.letters AND a.village = b.village AND a.id < b.id
UNION
SELECT a.id, b.id FROM duplicate_people a
JOIN duplicate_people b ON a.born_on = b.born_on AND a.village = b.village AND a.id < b.id
UNION
SELECT a.id, b.id FROM duplicate_people a
JOIN duplicate_people b ON a.village = b.village AND a.surname = b.surname AND a.born_year = b.born_year
    AND a.sex = b.sex AND a.id < b.id;
ANALYZE duplicate_candidates;

WITH compared AS (
    SELECT a.id AS first_id, b.id AS second_id, a.village AS village, b.village AS other, a.people::float8 AS people,
        CASE
            WHEN a.name = b.name THEN 'same'
            WHEN a.letters = b.letters THEN 'sound'
            WHEN a.surname = b.surname AND (
                substr(a.name, 2) IN (substr(b.name, 2, 1), substr(b.name, 3, 1))
                OR substr(b.name, 2) IN (substr(a.name, 2, 1), substr(a.name, 3, 1))
                OR (length(a.name) = 3 AND length(b.name) = 3
                    AND (substr(a.name, 2, 1) = substr(b.name, 2, 1) OR substr(a.name, 3) = substr(b.name, 3)))
            ) THEN 'near'
            ELSE 'other'
        END AS name_says,
        CASE
            WHEN a.born_on = b.born_on THEN 'same'
            WHEN to_char(a.born_on, 'MMDD') = to_char(b.born_on, 'MMDD')
                OR (a.born_year = b.born_year AND (
                    extract(month FROM a.born_on) = extract(month FROM b.born_on)
                    OR extract(day FROM a.born_on) = extract(day FROM b.born_on)
                    OR (extract(day FROM a.born_on) = extract(month FROM b.born_on)
                        AND extract(month FROM a.born_on) = extract(day FROM b.born_on)))) THEN 'near'
            ELSE 'other'
        END AS birth_says,
        CASE
            WHEN a.village = b.village THEN 'same'
            WHEN a.village / 1000 = b.village / 1000 THEN 'township'
            WHEN a.county = b.county THEN 'county'
            ELSE 'other'
        END AS place_says,
        CASE
            WHEN a.phone_hash IS NULL OR b.phone_hash IS NULL THEN 'unknown'
            WHEN a.phone_hash <> b.phone_hash THEN 'other'
            WHEN a.household_id = b.household_id THEN 'family'
            ELSE 'same'
        END AS phone_says,
        a.sex = b.sex AS same_sex, a.of_name, a.of_village, a.of_township, a.of_county
    FROM duplicate_candidates c
    JOIN duplicate_people a ON a.id = c.first_id
    JOIN duplicate_people b ON b.id = c.second_id
), scored AS (
    SELECT *, (
        CASE name_says
            WHEN 'same' THEN ln(0.80 * people / of_name) WHEN 'sound' THEN ln(0.10 * people / of_name)
            WHEN 'near' THEN ln(0.08 / 0.002) ELSE ln(0.02 / 0.99)
        END
        + CASE birth_says
            WHEN 'same' THEN ln(0.85 * 12000) WHEN 'near' THEN ln(0.12 / 0.006) ELSE ln(0.03 / 0.99)
        END
        + CASE place_says
            WHEN 'same' THEN ln(0.80 * people / of_village) WHEN 'township' THEN ln(0.10 * people / of_township)
            WHEN 'county' THEN least(0, ln(0.05 * people / of_county)) ELSE ln(0.05)
        END
        + CASE phone_says
            WHEN 'same' THEN ln(0.60 / 0.00001) WHEN 'family' THEN ln(0.60 / 0.30)
            WHEN 'other' THEN ln(0.40) ELSE 0
        END
        + CASE WHEN same_sex THEN ln(0.98 / 0.54) ELSE ln(0.02 / 0.46) END
    ) / ln(2) AS bits, ln(2 * %(duplicate_share)s / people) / ln(2) AS before
    FROM compared
    WHERE NOT (name_says = 'other' AND birth_says = 'other')
)
INSERT INTO register_duplicatepair (
    village, county, first_id, second_id, bits, probability, says, state, found_at)
SELECT ground.village, ground.village / 1000000, first_id, second_id, round(bits::numeric, 1),
       round((1 / (1 + power(2, -(bits + before))))::numeric, 4),
       jsonb_build_object('name', name_says, 'birth', birth_says, 'place', place_says, 'phone', phone_says),
       'open', %(at)s
FROM scored
CROSS JOIN LATERAL (
    -- Only who sees both records sees the pair: its place is the lowest division that holds both.
    SELECT (village / width) * width AS village
    FROM unnest(ARRAY[1, 1000, 1000000, 100000000, 10000000000]) AS width
    WHERE village / width = other / width ORDER BY width LIMIT 1
) AS ground
WHERE 1 / (1 + power(2, -(bits + before))) >= %(least_probability)s
ON CONFLICT (first_id, second_id) DO NOTHING;
