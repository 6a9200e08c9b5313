-- One row per school of the students that a run received: how many.
with
read as (
    select json_extract_string(payload, $pointers) as texts
    from raw_store.plus360."Student"
    where run_id = $run_id
),

received as (
    select
        texts,
        count(*) as records
    from read
    group by texts
),

placed as (
    select
        list_filter(
            list_transform(texts, lambda text: nullif(trim(text, e' \t\r\n' || chr(160)), '')),
            lambda text: text is not null
        )[1] as school_id,
        records
    from received
),

final as (
    select
        school_id,
        cast(sum(records) as bigint) as records
    from placed
    group by school_id
)

select * from final
