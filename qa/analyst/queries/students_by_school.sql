-- One row per school of the students of two runs: how many each run received.
with
read as (
    select
        run_id,
        list_transform(
            json_extract_string(payload, $pointers), lambda text: nullif(trim(text), '')
        ) as texts
    from raw_store.plus360."Student"
    where run_id in ($before, $after)
),

placed as (
    select
        run_id,
        list_filter(texts, lambda text: text is not null)[1] as school_id
    from read
),

final as (
    select
        school_id,
        count(*) filter (where run_id = $before) as "before",
        count(*) filter (where run_id = $after) as "after"
    from placed
    group by school_id
    order by try_cast(school_id as bigint), school_id
)

select * from final
