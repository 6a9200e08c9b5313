with
final as (
    select
        cast(null as varchar) as file,
        cast(null as varchar) as field,
        cast(null as bigint) as filled_before,
        cast(null as bigint) as filled_now,
        cast(null as bigint) as compared,
        cast(null as bigint) as overwritten,
        cast(null as bigint) as judged,
        cast(null as bigint) as emptied,
        cast(null as double) as share,
        cast(null as double) as emptied_share,
        cast(null as bigint) as top_value_records,
        cast(null as double) as top_value_share,
        cast(null as double) as top_value_share_before
    where false
)

select * from final
