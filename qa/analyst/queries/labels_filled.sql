-- One row per label of an endpoint that any record fills, and how many do.
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

final as (
    select
        $labels[place] as label,
        count(*) as filled
    from exploded
    where trim(text) <> ''
    group by place
)

select * from final
