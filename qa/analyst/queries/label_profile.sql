-- One row per label of an endpoint's records in a run: how many have it and fill it, types, shapes, distinct values.
-- A shape is a value with its letters as A and a, and its digits as 9: the three most frequent ones (of many
-- rare values, as a sample has them).
with
read as (
    select json_extract(payload, $pointers) as entries
    from query_table($table)
    where run_id = $run_id
),

exploded as (
    select
        generate_subscripts(entries, 1) as place,
        unnest(entries) as entry
    from read
),

entries as (
    select
        place,
        entry,
        count(*) as records
    from exploded
    where entry is not null
    group by all
),

typed as (
    select
        place,
        records,
        case json_type(entry)
            when 'VARCHAR' then 'text'
            when 'UBIGINT' then 'whole number'
            when 'BIGINT' then 'whole number'
            when 'DOUBLE' then 'number'
            when 'BOOLEAN' then 'true or false'
            when 'ARRAY' then 'list'
            when 'OBJECT' then 'object'
        end as type,
        nullif(trim(entry ->> '$', e' \t\r\n' || chr(160)), '') as text
    from entries
),

texts as (
    select
        place,
        text,
        sum(records) as records
    from typed
    where text is not null
    group by all
),

filled as (
    select
        place,
        sum(records) as filled,
        count(*) as distinct_values
    from texts
    group by place
),

-- To find a shape takes longer than anything else: of thousands of values that are rare, a part stands for all.
sampled as (
    select
        texts.place,
        substr(texts.text, 1, 40) as text,
        case when texts.records < 10 then texts.records * (1 + filled.distinct_values // 5000) else texts.records end
            as records
    from texts
    inner join filled on texts.place = filled.place
    where texts.records >= 10 or hash(texts.text) % (1 + filled.distinct_values // 5000) = 0
),

shaped as (
    select
        place,
        sum(records) as records,
        regexp_replace(
            regexp_replace(regexp_replace(text, '\p{Lu}', 'A', 'g'), '[\p{Ll}\p{Lo}]', 'a', 'g'), '\d', '9', 'g'
        ) as shape
    from sampled
    group by place, shape
),

shapes as (
    select
        place,
        array_to_string(list(shape order by records desc, shape asc)[:3], ' | ') as shapes
    from shaped
    group by place
),

received as (
    select
        place,
        sum(records) as records,
        string_agg(distinct type, ', ' order by type) as types
    from typed
    group by place
),

final as (
    select
        $labels[received.place] as label,
        cast(received.records as bigint) as records,
        cast(coalesce(filled.filled, 0) as bigint) as filled,
        received.types,
        shapes.shapes,
        coalesce(filled.distinct_values, 0) as distinct_values
    from received
    left join filled on received.place = filled.place
    left join shapes on received.place = shapes.place
)

select * from final
