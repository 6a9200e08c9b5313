with
final as (
    select
        cast(null as varchar) as file,
        cast(null as varchar) as effect,
        cast(null as bigint) as records,
        cast(null as bigint) as base,
        cast(null as double) as share
    where false
)

select * from final
