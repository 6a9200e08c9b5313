-- One row per value of a field, the most frequent first; what is blank is one value.
with
texts as (
    select cast(__value__ as varchar) as text
    from __source__
),

counted as (
    select
        case when trim(text) <> '' then text end as value, -- noqa: RF04
        count(*) as records
    from texts
    group by value
),

final as (
    select
        value, -- noqa: RF04
        records,
        round(records / sum(records) over (), 4) as share
    from counted
    order by records desc, value asc nulls last
    limit $most
)

select * from final
