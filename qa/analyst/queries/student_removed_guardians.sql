-- One row per guardian of the student whom the load of this run removes, and why.
with
effects as (
    select * from warehouse.load_effects.load_guardians where student_id = $student_id and effect = 'delete'
),

contacts as (
    select * from warehouse.marts.contacts
),

final as (
    select
        effects.contact_id,
        concat_ws(' ', contacts.first_name, contacts.last_name) as name,
        effects.cause,
        effects.replaced_by_contact_id as replaced_by
    from effects
    -- Of who got another id, the old one may be another person's now.
    left join contacts on coalesce(effects.replaced_by_contact_id, effects.contact_id) = contacts.contact_id
    order by effects.contact_id asc
)

select * from final
