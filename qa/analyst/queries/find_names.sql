-- One row per person whose name matches all words of one way to read the text (or, of three or more, all but one).
with
students as (
    select * from int_students_keyed
),

contacts as (
    select * from int_contacts_keyed
),

only_in_import as (
    select * from only_in_import
),

-- The text is read in several ways: "o brien" also as "obrien".
tokens as (
    select
        token.way,
        token.words,
        token.token
    from (select unnest(cast($tokens as struct(way bigint, words bigint, token varchar)[])) as token) as listed
),

names as (
    select
        'Student' as endpoint,
        position,
        'first name' as field,
        coalesce(first_name, first_name_text) as name
    from students
    union all
    select
        'Student' as endpoint,
        position,
        'middle name' as field,
        coalesce(middle_name, middle_name_text) as name
    from students
    union all
    select
        'Student' as endpoint,
        position,
        'last name' as field,
        coalesce(last_name, last_name_text) as name
    from students
    union all
    select
        'Student' as endpoint,
        position,
        'nickname' as field,
        nickname as name
    from students
    union all
    select
        'Contact' as endpoint,
        position,
        'first name' as field,
        coalesce(first_name, first_name_text) as name
    from contacts
    union all
    select
        'Contact' as endpoint,
        position,
        'middle name' as field,
        coalesce(middle_name, middle_name_text) as name
    from contacts
    union all
    select
        'Contact' as endpoint,
        position,
        'last name' as field,
        coalesce(last_name, last_name_text) as name
    from contacts
    union all
    select
        'import' as endpoint,
        position,
        'first name' as field,
        first_name as name
    from only_in_import
    union all
    select
        'import' as endpoint,
        position,
        'middle name' as field,
        middle_name as name
    from only_in_import
    union all
    select
        'import' as endpoint,
        position,
        'last name' as field,
        last_name as name
    from only_in_import
),

-- Each name once, before anything is done with it.
distinct_names as materialized (
    select distinct name from names
    where name is not null
),

spelled as (
    select
        name,
        regexp_replace(translate(lower(strip_accents(name)), 'øłđıæœ', 'oldiao'), '[''’`´]', '', 'g') as plain
    from distinct_names
),

-- The words of a name, and the name as one word: Smith-Jones is smith, jones and smithjones.
words as (
    select
        name,
        unnest(list_distinct(list_append(
            list_filter(string_split_regex(plain, '[^\p{L}\p{N}]+'), lambda word: word <> ''),
            regexp_replace(plain, '[^\p{L}\p{N}]', '', 'g')
        ))) as word
    from spelled
),

vocabulary as (
    select distinct word from words
),

alike as (
    select
        tokens.way,
        tokens.words,
        tokens.token,
        vocabulary.word,
        case
            when vocabulary.word = tokens.token then 1.0
            when starts_with(vocabulary.word, tokens.token) then 0.9
            when length(tokens.token) < 3 or left(vocabulary.word, 1) <> left(tokens.token, 1) then 0.0
            when damerau_levenshtein(vocabulary.word, tokens.token) <= 1 then 0.8
            when length(tokens.token) < 5 then 0.0
            when damerau_levenshtein(left(vocabulary.word, length(tokens.token)), tokens.token) <= 1 then 0.7
            when length(tokens.token) >= 7 and damerau_levenshtein(vocabulary.word, tokens.token) <= 2 then 0.6
            else 0.0
        end as score
    from vocabulary
    cross join tokens
    where
        score > 0
),

matching as (
    select
        alike.way,
        alike.words,
        alike.token,
        words.name,
        max(alike.score) as score
    from alike
    inner join words on alike.word = words.word
    group by all
),

hits as (
    select
        names.endpoint,
        names.position,
        matching.way,
        matching.words,
        matching.token,
        max(matching.score) as score,
        arg_max(names.field || ' ' || names.name, matching.score) as matched
    from names
    inner join matching on names.name = matching.name
    group by all
),

ways as (
    select
        endpoint,
        position,
        sum(score) / words as score,
        string_agg(distinct matched, ', ' order by matched) as matched
    from hits
    group by endpoint, position, way, words
    having count(*) = words or (words >= 3 and count(*) = words - 1)
),

final as (
    select
        endpoint,
        position,
        max(score) as score,
        arg_max(matched, score) as matched
    from ways
    group by endpoint, position
)

select * from final
