-- One row per record that was added, removed or received differently; records of one key are paired in the order of
-- the pull, and one without a key is never paired. $groups has, for each field, the places of its texts.
with
read as (
    select
        run_id,
        position,
        json_extract_string(payload, $pointers) as texts
    from differing
),

fields as (
    select
        run_id,
        position,
        case
            when $is_plain then texts
            else list_transform(
                $groups, lambda places: case
                    when len(places) = 1 then texts[places[1]]
                    else
                        list_filter(
                            list_transform(
                                places, lambda place: nullif(trim(texts[place], e' \t\r\n' || chr(160)), '')
                            ),
                            lambda text: text is not null
                        )[1]
                end
            )
        end as texts
    from read
),

keyed as (
    select
        run_id,
        position,
        texts,
        list_transform(
            $keys, lambda place: nullif(trim(texts[place], e' \t\r\n' || chr(160)), '')
        ) as record_key
    from fields
),

numbered as (
    select
        *,
        list_count(list_slice(record_key, 1, $required)) = $required as has_key,
        row_number() over (partition by run_id, record_key order by position) as number
    from keyed
),

before as (
    select * from numbered where run_id = $before
),

after as (
    select * from numbered where run_id = $after
),

paired as (
    select
        before.position as position_before,
        after.position as position_after,
        before.texts as texts_before,
        after.texts as texts_after,
        coalesce(after.record_key, before.record_key) as record_key,
        coalesce(after.texts, before.texts) as texts,
        case
            when before.position is null then 'added'
            when after.position is null then 'removed'
            else 'changed'
        end as change
    from before
    full outer join after
        on
            before.has_key
            and after.has_key
            and before.record_key = after.record_key
            and before.number = after.number
),

final as (
    select
        row_number() over (order by position_after nulls last, position_before) as record,
        change,
        record_key,
        concat_ws(' ', trim(texts[$first_name]), trim(texts[$last_name])) as name,
        nullif(trim(texts_before[$school], e' \t\r\n' || chr(160)), '') as school_before,
        nullif(trim(texts_after[$school], e' \t\r\n' || chr(160)), '') as school_after,
        position_before,
        position_after,
        texts_before,
        texts_after
    from paired
)

select * from final
