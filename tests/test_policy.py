"""The policy page: every permission is granted to someone, and only to those it names."""

from portal.access import GRANTS, READS, Actor, Permission, Role, may, may_know_of

ANYONE = Actor(person_id=1)
RECRUITER = Actor(person_id=2, roles=frozenset({Role.RECRUITER}))
HR = Actor(person_id=3, roles=frozenset({Role.HR}))


def test_every_permission_has_a_grant_and_reads_lead_to_known_permissions() -> None:
    assert set(GRANTS) == set(Permission)
    assert all(GRANTS.values())
    assert set(READS) <= set(Permission)


def test_people_and_the_event_log_are_for_hr_alone() -> None:
    for permission in (Permission.MANAGE_PEOPLE, Permission.SEE_EVENT_LOG):
        assert may(HR, permission)
        assert not may(ANYONE, permission)
        assert not may(RECRUITER, permission)
        assert may_know_of(ANYONE, permission)


def test_the_framework_is_for_everyone_signed_in() -> None:
    assert all(may(actor, Permission.SEE_FRAMEWORK) for actor in (ANYONE, RECRUITER, HR))
