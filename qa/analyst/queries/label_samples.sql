-- One row per label of some that fills a record of an endpoint: a sample of its values, and how many there are.
with
read as (
    select json_extract_string(payload, $pointers) as texts
    from query_table($table)
    where run_id = $run_id
),

exploded as (
    select
        generate_subscripts(texts, 1) as place,
        unnest(texts) as text
    from read
),

texts as (
    select
        place,
        nullif(trim(text, e' \t\r\n' || chr(160)), '') as text,
        count(*) as records
    from exploded
    where text is not null
    group by all
),

final as (
    select
        $labels[place] as label,
        cast(sum(records) as bigint) as filled,
        count(*) as distinct_values,
        list_slice(list(text), 1, $most) as sample
    from texts
    where text is not null
    group by place
)

select * from final
