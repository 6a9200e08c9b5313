"""The forms of a personal value that the tokens of a file are compared with, as SQL over `personal`."""

from qa.redaction.tokens import MAX_WORDS

# For each kind of token, the forms of a value that it is compared with.
FORMS = {
    "words": f"""
        with folded as (
            select value, regexp_extract_all(lower(strip_accents(value)), '[\\p{{L}}\\p{{N}}]+') as words
            from personal
        ),
        cut as (select value, words[:{MAX_WORDS}] as words from folded)
        select value, unnest([array_to_string(words, ' '), array_to_string(words, '')]) as form from cut
    """,
    "numbers": """
        with bare as (
            select value, regexp_replace(value, '[^0-9]', '', 'g') as digits
            from personal where not regexp_matches(value, '[A-Za-z]')
        )
        select value, unnest([digits, digits[-10:], digits[-7:]]) as form
        from bare where length(digits) in (10, 11)
    """,
    "dates": """
        select value, strftime(coalesce(
            try_cast(value as timestamp),
            try_strptime(value, ['%m/%d/%Y', '%m-%d-%Y', '%Y/%m/%d', '%Y%m%d', '%m%d%Y'])
        ), '%Y-%m-%d') as form
        from personal where length(value) between 8 and 30 and regexp_matches(value, '^[0-9]')
    """,
    "hashes": """
        with spelled as (
            select value, unnest(list_distinct([value, lower(value), upper(value)])) as spelling from personal
        ),
        hashed as (
            select value, unnest([md5(spelling), sha1(spelling), sha256(spelling)]) as hash from spelled
        ),
        sizes as (select distinct length(token) as size from tokens)
        select value, hash[:size] as form from hashed cross join sizes
    """,
}
