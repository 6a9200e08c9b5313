-- One row per label, by its number in a list, that some record of a run has which does not differ in another run.
with
records as (
    select
        position,
        payload
    from query_table($table)
    where run_id = $run_id
),

differing_here as (
    select position from differing where run_id = $run_id
),

read as (
    select json_extract(records.payload, $pointers) as entries
    from records
    anti join differing_here on records.position = differing_here.position
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
