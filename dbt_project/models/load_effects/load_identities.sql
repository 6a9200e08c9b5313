with
final as (
    select
        cast(null as varchar) as entity,
        cast(null as bigint) as before,
        cast(null as bigint) as added,
        cast(null as bigint) as gone,
        cast(null as bigint) as paired,
        cast(null as double) as paired_share
    where false
)

select * from final
