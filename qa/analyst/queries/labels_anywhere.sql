-- One row per label, by its number in a list, that some record of a run has.
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

final as (
    select distinct place
    from exploded
    where entry is not null
)

select * from final
