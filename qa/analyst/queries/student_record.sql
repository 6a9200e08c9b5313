-- One row per label of a record, with its value as received and the column that it becomes.
with
payloads as (
    select payload from raw_store.plus360."Student"
    where run_id = $run_id and position = $position
),

labels as (
    select * from warehouse.staging.stg_plus360__labels where endpoint = 'Student'
),

keyed as (
    select
        payload,
        json_keys(payload) as keys,
        unnest(list_distinct(json_keys(payload))) as label
    from payloads
),

final as (
    select
        labels.field,
        keyed.label,
        -- The path is a JSON pointer: a label may hold any character.
        json_extract_string(
            keyed.payload, '/' || replace(replace(keyed.label, '~', '~0'), '/', '~1')
        ) as as_received
    from keyed
    left join labels on keyed.label = labels.label
    order by list_position(keyed.keys, keyed.label) asc
)

select * from final
