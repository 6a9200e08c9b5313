-- One row per contact whose address has the text's numbers and most of its words.
with
contacts as (
    select * from int_contacts_keyed
),

addresses as (
    select * from int_contact_addresses_composed
),

tokens as (
    select unnest(cast($tokens as varchar[])) as token
),

lines as (
    select
        contact_id,
        concat_ws(', ', street_line, city, postal_code_text) as line,
        lower(strip_accents(concat_ws(' ', street_line, city, postal_code_text))) as plain
    from addresses
),

-- The rarest of the conditions comes first: a token that is nowhere in the line can't be one of its words.
candidates as (
    select * from lines
    where list_count(list_filter(cast($tokens as varchar[]), lambda token: contains(plain, left(token, 3)))) >= $least
),

words as (
    select distinct
        line,
        unnest(string_split_regex(plain, '[^\p{L}\p{N}]+')) as word
    from candidates
),

matching as (
    select
        words.line,
        tokens.token,
        max(
            case
                when words.word = tokens.token then 1.0
                when regexp_full_match(tokens.token, '\d+') then 0.0
                when starts_with(words.word, tokens.token) then 0.9
                when length(tokens.token) >= 4 and damerau_levenshtein(words.word, tokens.token) <= 1 then 0.7
                else 0.0
            end
        ) as score
    from words
    cross join tokens
    group by words.line, tokens.token
),

scored as (
    select
        line,
        sum(score) / count(*) as score
    from matching
    group by line
    having
        count(*) filter (where score > 0) >= $least
        and count(*) filter (where score = 0 and regexp_full_match(token, '\d+')) = 0
),

final as (
    select distinct
        'Contact' as endpoint,
        contacts.position,
        scored.score,
        'address ' || scored.line as matched
    from scored
    inner join candidates on scored.line = candidates.line
    inner join contacts on candidates.contact_id = contacts.contact_id
)

select * from final
