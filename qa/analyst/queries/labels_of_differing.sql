-- One row per run and label that some of its records that differ have.
with
label_sets as (
    select
        run_id,
        json_keys(payload) as labels
    from differing
    group by all
),

final as (
    select distinct
        run_id,
        unnest(labels) as label
    from label_sets
)

select * from final
