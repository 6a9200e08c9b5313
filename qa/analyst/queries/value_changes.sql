-- One row per field of a record whose value is not the same in both runs; a blank value is null.
with
exploded as (
    select
        record,
        generate_subscripts(texts_after, 1) as place,
        unnest(texts_before) as value_before,
        unnest(texts_after) as value_after
    from record_changes
    where change = 'changed'
),

different as (
    select
        record,
        place,
        nullif(trim(value_before, e' \t\r\n' || chr(160)), '') as value_before,
        nullif(trim(value_after, e' \t\r\n' || chr(160)), '') as value_after
    from exploded
    where value_before is distinct from value_after
),

final as (
    select
        record,
        $fields[place] as field,
        value_before as "before",
        value_after as "after"
    from different
    where value_before is distinct from value_after
    order by record, place
)

select * from final
