-- One row per field of students or guardians, the least filled first: how many records have a value.
with
completeness as (
    select * from warehouse.profiles.completeness
),

of_all_schools as (
    select
        people,
        field,
        cast(sum(records) as bigint) as records,
        cast(sum(filled) as bigint) as filled
    from completeness
    group by people, field
),

final as (
    select
        people,
        field,
        records - filled as missing,
        filled,
        records,
        round(filled / records, 4) as share
    from of_all_schools
    where records > 0
    order by people desc, share asc, field asc
)

select * from final
