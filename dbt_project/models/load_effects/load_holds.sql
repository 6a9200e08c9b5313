{#-
Each rule of the load as a measure: n of so many. The limits are in the seed load_limits. A file that the layout omits
has no rows here, so no rule applies to it.
-#}
{%- set required_fields = [
    'last_name', 'first_name', 'birth_date', 'gender', 'enrollment_status', 'school_name', 'state_school_id'
] -%}
{%- set enrolled = "('ENROLLED', 'PRE_ENROLLED')" -%}

with
limits as (
    {{ limits_of_the_load() }}
),

layout as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

files as (
    select
        file,
        case file when 'students.csv' then 'students.csv.student_id' else 'guardians.csv.contact_id' end as scope,
        replace(file, '.csv', '') as import
    from layout
    group by file
),

status as (
    select
        *,
        -- Without the files of the last published run there is nothing to compare with: as on the first run.
        run_id is not null and fault is null as has_baseline
    from {{ source('baseline', 'status') }}
),

schools_now as (
    select * from {{ ref('schools') }}
),

students_now as (
    select * from {{ ref('students') }}
),

student_records as (
    select * from {{ ref('int_students_keyed') }} where coalesce(quarantine_reason, '') <> 'duplicate_key'
),

guardian_records as (
    select * from {{ ref('int_student_contacts_ranked') }}
    where contact_type = 'G' and coalesce(quarantine_reason, '') <> 'duplicate_key'
),

rejects as (
    select * from {{ ref('import_rejects') }} where reason not in ('duplicate_key', 'merged_duplicate')
),

refused_before as (
    select * from {{ source('baseline', 'state') }} where effect in ('carried', 'refused')
),

loads as (
    select * from {{ source('history', 'loads') }}
),

nights as (
    select * from {{ source('history', 'nights') }}
),

decisions as (
    select * from {{ source('history', 'decisions') }}
),

guardians as (
    select * from {{ ref('load_guardians') }}
),

fields as (
    select * from {{ ref('load_fields') }}
),

identities as (
    select * from {{ ref('load_identities') }}
),

totals as (
    select * from {{ ref('load_totals') }}
),

night as (
    select
        {{ is_rollover() }} as is_rollover,
        coalesce((select max(totals.base) < 50 from totals where totals.file = 'students.csv'), false) as is_small
),

students as (
    select
        load_students.*,
        (load_students.effect = 'delete' and not load_students.is_expected)
        or (load_students.effect = 'departed' and load_students.is_new) as is_gone
    from {{ ref('load_students') }} as load_students
),

-- Who is gone, or was enrolled and is not. In the rollover, who graduated is not.
departures as (
    select
        coalesce(students.school_id_before, '') as school_id,
        count(*) as records,
        count(*) filter (
            where (
                students.is_gone
                or (
                    students.effect = 'update'
                    and students.enrollment_status_before in {{ enrolled }}
                    and students.enrollment_status not in {{ enrolled }}
                )
            )
            and not (
                night.is_rollover
                and coalesce(
                    if(students.is_gone, students.enrollment_status_before, students.enrollment_status) = 'GRADUATED',
                    false
                )
            )
        ) as departed
    from students
    cross join night
    where students.effect <> 'add'
    group by all
),

deletions as (
    select
        coalesce(school_id_before, '') as school_id,
        count(*) as records,
        count(*) filter (where effect = 'delete' and not is_expected) as deleted
    from guardians
    where effect <> 'add'
    group by all
),

carried as (
    select
        'students.csv' as file,
        count(*) as records
    from students
    where effect = 'carried' and is_new
    union all
    select
        'guardians.csv' as file,
        count(*) as records
    from guardians
    where effect = 'carried' and is_new
),

records as (
    select
        'students' as import,
        count(*) as records
    from student_records
    union all
    select
        'guardians' as import,
        count(*) as records
    from guardian_records
),

-- The rows of each file that a check refuses, directly, through the school or through the student.
refused as (
    select
        rejects.import,
        rejects.check_id,
        count(distinct rejects.position) as refused,
        count(distinct rejects.position) filter (where refused_before.file is null) as newly_refused
    from rejects
    left join refused_before
        on
            rejects.import = refused_before.file
            and rejects.student_id is not distinct from refused_before.student_id
            and rejects.contact_id is not distinct from refused_before.contact_id
    group by all
),

refusing as (
    select
        import,
        arg_max(check_id, refused) as check_id
    from refused
    group by import
),

empty_files as (
    select
        files.scope,
        refusing.check_id,
        count(*) over () as empty_files
    from files
    inner join totals on files.file = totals.file
    left join refusing on files.import = refusing.import
    where totals.effect = 'now' and totals.records = 0
),

-- The published runs since the last release, the latest first: tonight is 0.
window_of_runs as (
    select
        nights.run_id,
        row_number() over (order by nights.run_id desc) as age
    from nights
    where
        nights.verdict = 'published'
        and nights.run_id < {{ this_run() }}
        and nights.run_id > coalesce(
            (select max(decisions.run_id) from decisions where decisions.decision = 'released'), ''
        )
),

losses as (
    select
        loads.file,
        loads.field,
        window_of_runs.age,
        loads.base,
        loads.lost
    from loads
    inner join window_of_runs on loads.run_id = window_of_runs.run_id
    union all
    select
        'guardians.csv' as file,
        null as field,
        0 as age,
        cast(sum(records) as bigint) as base,
        cast(sum(deleted) as bigint) as lost
    from deletions
    union all
    select
        file,
        field,
        0 as age,
        compared as base,
        emptied as lost
    from fields
),

-- What only tonight took away is judged by other rules.
losses_of_window as (
    select
        spans.variant,
        losses.file,
        losses.field,
        cast(sum(losses.lost) as bigint) as lost,
        -- What there was at its start; the first run of all had nothing before it.
        arg_max(losses.base, losses.age) filter (where losses.base > 0) as base
    from losses
    inner join (values ('7', 7), ('30', 30)) as spans (variant, runs) on losses.age < spans.runs
    where losses.file in (select files.file from files)
    group by all
    having sum(losses.lost) filter (where losses.age > 0) > 0 and sum(losses.lost) filter (where losses.age = 0) > 0
),

schools_before as (
    select
        school_id,
        state_school_id,
        count(*) as students
    from {{ source('baseline', 'students') }}
    where school_id is not null
    group by all
),

-- The last load's students, and those of buildings that are there neither by their number nor by their state id. A
-- building with the same number and another state id is another one.
buildings as (
    select
        sum(students) as students,
        sum(students) filter (
            where not exists (
                select 1 from schools_now
                where
                    schools_now.state_school_id = schools_before.state_school_id
                    or (
                        schools_now.school_id = schools_before.school_id
                        and coalesce(schools_now.state_school_id = schools_before.state_school_id, true)
                    )
            )
        ) as gone
    from schools_before
),

-- Under half of the last load's students are found again as the same people.
strangers as (
    select identities.before
    from identities
    where
        identities.entity = 'students'
        and 2 * (
            identities.before - identities.gone + identities.paired
            - (select count(*) from students where students.is_other_person)
        ) < identities.before
),

school_students as (
    select
        school_id,
        count(*) as students
    from students_now
    group by school_id
),

-- A school that has the state id of another one. A building that is only renumbered, or a new one that shares the state
-- id of one that keeps it, is not meant.
schools_renamed as (
    select
        schools_now.school_id,
        school_students.students
    from schools_now
    inner join schools_before as owners
        on schools_now.state_school_id = owners.state_school_id and schools_now.school_id <> owners.school_id
    inner join school_students on schools_now.school_id = school_students.school_id
    left join schools_now as owners_now on owners.school_id = owners_now.school_id
    where
        not exists (
            select 1 from schools_before as same
            where same.school_id = schools_now.school_id and same.state_school_id = schools_now.state_school_id
        )
        and (
            exists (select 1 from schools_before as old where old.school_id = schools_now.school_id)
            or owners_now.state_school_id is distinct from schools_now.state_school_id
            and owners_now.school_id is not null
        )
    group by all
),

required as (
    select
        count(*) as records,
        unnest([
            {%- for field in required_fields %}
            {
                'field': '{{ field }}',
                'blank': count(*) filter (
                    where {{ 'schools_now.name' if field == 'school_name' else 'schools_now.state_school_id'
                        if field == 'state_school_id' else 'student_records.' ~ field }} is null
                )
            }
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ]) as its
    from student_records
    left join schools_now on student_records.school_id = schools_now.school_id
),

measures as (
    select
        'load__files__not_empty' as rule,
        null as variant,
        scope,
        empty_files as n,
        (select count(*) from files) as of,
        check_id as cause
    from empty_files
    union all
    select
        unnest(['load__refused__plausible', 'load__refused__limited']) as rule,
        null as variant,
        files.scope,
        unnest([refused.refused, refused.newly_refused]) as n,
        records.records as of,
        refused.check_id as cause
    from refused
    inner join files on refused.import = files.import
    inner join records on refused.import = records.import
    union all
    select
        'load__district__same' as rule,
        null as variant,
        'district' as scope,
        gone as n,
        before as of,
        null as cause
    from identities
    where entity = 'students' and paired < gone / 2
    union all
    select
        'load__district__same' as rule,
        'people' as variant,
        'district' as scope,
        count(*) filter (where is_other_person) as n,
        count(*) as of,
        null as cause
    from students
    where effect in ('update', 'same')
    union all
    select
        'load__district__same' as rule,
        'buildings' as variant,
        'district' as scope,
        buildings.gone as n,
        buildings.students as of,
        null as cause
    from buildings
    cross join strangers
    union all
    select
        'load__district__same' as rule,
        'district_value' as variant,
        'district' as scope,
        count(*) as n,
        count(*) as of,
        null as cause
    from students_now
    cross join status
    group by status.district_id
    having ltrim(mode(students_now.district_id), '0') <> ltrim(status.district_id, '0')
    union all
    select
        'load__guardians__deleted' as rule,
        null as variant,
        'district' as scope,
        sum(deleted) as n,
        sum(records) as of,
        null as cause
    from deletions
    union all
    select
        'load__students__without_guardian' as rule,
        null as variant,
        'district' as scope,
        count(*) filter (where guardians = 0 and effect in ('update', 'same', 'carried')) as n,
        count(*) as of,
        null as cause
    from students
    where guardians_before > 0
    union all
    select
        'load__schools__concentrated' as rule,
        'deleted' as variant,
        'school:' || school_id as scope,
        deleted as n,
        records as of,
        null as cause
    from deletions
    where school_id <> ''
    union all
    select
        'load__schools__concentrated' as rule,
        'departed' as variant,
        'school:' || school_id as scope,
        departed as n,
        records as of,
        null as cause
    from departures
    where school_id <> ''
    union all
    select
        'load__deletions__cumulative' as rule,
        variant,
        coalesce(file || '.' || field, 'district') as scope,
        lost as n,
        base as of,
        null as cause
    from losses_of_window
    union all
    select
        'load__students__departed' as rule,
        if(any_value(night.is_rollover), 'rollover', null) as variant,
        'district' as scope,
        sum(departures.departed) as n,
        sum(departures.records) as of,
        null as cause
    from departures
    cross join night
    union all
    select
        'load__records__carried' as rule,
        null as variant,
        files.scope,
        carried.records as n,
        totals.records as of,
        null as cause
    from files
    inner join totals on files.file = totals.file
    inner join carried on files.file = carried.file
    where totals.effect = 'before'
    union all
    select
        'load__files__grew' as rule,
        null as variant,
        files.scope,
        totals.records as n,
        totals.base as of,
        null as cause
    from files
    inner join totals on files.file = totals.file
    where totals.effect = 'add'
    union all
    select
        'load__identity__overwritten' as rule,
        null as variant,
        'district' as scope,
        count(*) filter (where is_identity_overwritten) as n,
        count(*) as of,
        null as cause
    from students
    where effect in ('update', 'same')
    union all
    select
        'load__identity__overwritten' as rule,
        null as variant,
        'guardians.csv.contact_id' as scope,
        count(*) filter (where is_identity_overwritten) as n,
        count(*) as of,
        null as cause
    from guardians
    where effect in ('update', 'same')
    union all
    select
        'load__field__emptied' as rule,
        null as variant,
        file || '.' || field as scope,
        emptied as n,
        compared as of,
        null as cause
    from fields
    union all
    select
        'load__field__overwritten' as rule,
        case when field in ('lives_with', 'legal_guardian') then field end as variant,
        file || '.' || field as scope,
        judged as n,
        compared as of,
        null as cause
    from fields
    union all
    select
        'load__field__one_value' as rule,
        null as variant,
        file || '.' || field as scope,
        top_value_records as n,
        top_value_base as of,
        null as cause
    from fields
    union all
    select
        'load__ids__renumbered' as rule,
        null as variant,
        files.scope,
        identities.paired as n,
        identities.before as of,
        null as cause
    from identities
    inner join files on identities.entity = if(files.import = 'guardians', 'contacts', files.import)
    union all
    select
        'load__schools__known' as rule,
        'gone' as variant,
        'school:' || school_students.school_id as scope,
        school_students.students as n,
        school_students.students as of,
        null as cause
    from school_students
    semi join schools_before on school_students.school_id = schools_before.school_id
    anti join schools_now on school_students.school_id = schools_now.school_id
    union all
    select
        'load__schools__known' as rule,
        'state_id' as variant,
        'school:' || school_id as scope,
        students as n,
        students as of,
        null as cause
    from schools_renamed
    union all
    select
        'load__first__plausible' as rule,
        'guardians' as variant,
        'district' as scope,
        count(*) filter (where guardians = 0) as n,
        count(*) as of,
        null as cause
    from students
    where enrollment_status in {{ enrolled }} and exists (select 1 from files where files.file = 'guardians.csv')
    union all
    select
        'load__first__plausible' as rule,
        'required' as variant,
        'students.csv.' || its.field as scope,
        its.blank as n,
        records as of,
        null as cause
    from required
    where its.field in (select layout.field from layout where layout.file = 'students.csv')
    union all
    -- The import takes a guardian without a name; no district means to send them.
    select
        'load__first__plausible' as rule,
        'required' as variant,
        fields.file || '.' || fields.field as scope,
        totals.records - fields.filled_now as n,
        totals.records as of,
        null as cause
    from fields
    inner join totals on fields.file = totals.file
    where totals.effect = 'now' and fields.file = 'guardians.csv' and fields.field in ('first_name', 'last_name')
    union all
    select
        'load__baseline__found' as rule,
        null as variant,
        'district' as scope,
        1 as n,
        1 as of,
        null as cause
    from status
    where fault is not null
    union all
    -- Nothing was ever delivered, and a delivery is configured.
    select
        'load__first__confirmed' as rule,
        null as variant,
        'district' as scope,
        1 as n,
        1 as of,
        null as cause
    from status
    where is_unconfirmed
    union all
    select
        'load__layout__same' as rule,
        null as variant,
        'district' as scope,
        1 as n,
        1 as of,
        null as cause
    from status
    where layout <> '{{ var("layout") }}'
),

judged as (
    select
        measures.*,
        limits.share as share_limit,
        limits.floor,
        limits.level,
        case
            when limits.rule = 'load__refused__plausible'
                then measures.n >= limits.floor and measures.n >= limits.share * measures.of
            else
                coalesce(measures.n > limits.cap, false)
                or (
                    measures.n > coalesce(limits.floor, 0)
                    and (limits.share is null or (measures.of > 0 and measures.n > limits.share * measures.of))
                )
        end as is_exceeded,
        case
            when measures.rule = 'load__first__plausible' then not status.has_baseline
            else
                status.has_baseline
                or measures.rule in (
                    'load__files__not_empty', 'load__refused__plausible', 'load__field__one_value',
                    'load__baseline__found', 'load__first__confirmed'
                )
        end as is_judged
    from measures
    cross join night
    cross join status
    inner join limits
        on
            measures.rule = limits.rule
            and (
                measures.variant is not distinct from limits.variant
                or (measures.variant is null and limits.variant = 'small' and night.is_small)
            )
),

final as (
    select
        rule,
        variant,
        scope,
        cast(n as bigint) as n,
        cast(of as bigint) as of,
        n / nullif(of, 0) as share,
        cast(share_limit as double) as "limit",
        floor,
        level,
        cause
    from judged
    where is_judged and is_exceeded
    -- Of several limits of a rule that are exceeded in one scope, the one that is exceeded the most.
    qualify row_number() over (partition by rule, scope order by n / nullif(of, 0) desc, n desc, cause asc) = 1
)

select * from final
