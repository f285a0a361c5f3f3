import asyncio

from device.demo.pbx import DemoPbx
from tests.demo.peer import PASSWORD, USER, Peer, changed, renewed, story


@story
async def test_a_right_password_registers(pbx: DemoPbx, panel: Peer) -> None:
    answer = await panel.register()

    assert answer.code == 200
    assert answer.contact[0].uri.user == "100"
    assert 298 <= int(answer.contact[0].parameters["expires"] or "") <= 300
    assert pbx.snapshot()["contacts"] == 1


@story
async def test_a_wrong_password_is_challenged_again_and_again(pbx: DemoPbx, panel: Peer) -> None:
    panel.password = "wrong"
    first = await panel.register()
    second = await panel.register()

    assert (first.code, second.code) == (401, 401)
    assert first.www_authenticate
    assert second.www_authenticate
    assert "stale" not in first.www_authenticate.parameters
    nonces = {a.www_authenticate.parameters["nonce"] for a in (first, second) if a.www_authenticate}
    assert len(nonces) == 2
    assert pbx.snapshot()["contacts"] == 0


@story
async def test_a_stranger_is_not_let_in(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("REGISTER")
    challenge = (await panel.try_once(request)).www_authenticate
    assert challenge
    mallory = panel.credentials(request, challenge.parameters).replace(username="101")
    request.headers.set("Authorization", f"Digest {mallory}")

    assert (await panel.try_once(renewed(request))).code == 401
    assert pbx.snapshot()["contacts"] == 0


@story
async def test_a_nonce_from_before_the_crash_is_stale(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("REGISTER")
    assert (await panel.insist(request)).code == 200
    await pbx.go_away()
    await pbx.come_back()

    answer = await panel.try_once(renewed(request))

    assert answer.www_authenticate
    assert answer.www_authenticate.parameters["stale"] == "true"


@story
async def test_a_contact_can_be_taken_back(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    answer = await panel.register(expires=0)

    assert (answer.code, answer.contact, pbx.snapshot()["contacts"]) == (200, [], 0)


@story
async def test_all_contacts_can_be_taken_back_at_once(pbx: DemoPbx, panel: Peer) -> None:
    await panel.register()
    async with Peer(pbx) as other:
        await other.register()
        assert pbx.snapshot()["contacts"] == 2

        await panel.ask("REGISTER", Contact="*", Expires="0")
    assert pbx.snapshot()["contacts"] == 0


@story
async def test_a_registration_that_is_not_refreshed_runs_out(pbx: DemoPbx, panel: Peer) -> None:
    answer = await panel.ask("REGISTER", Contact=f"<sip:100@{panel.address}>;expires=1")
    assert answer.contact[0].parameters["expires"] == "1"

    await changed(pbx, lambda seen: seen["contacts"] == 0)


def test_a_registration_is_good_for_no_longer_than_granted() -> None:
    async def play() -> None:
        async with DemoPbx(USER, PASSWORD, grant=20) as pbx, Peer(pbx) as panel:
            answer = await panel.register(expires=300)
            assert answer.contact[0].parameters["expires"] == "20"

    asyncio.run(play())


@story
async def test_a_crash_forgets_registrations_and_keeps_port_and_settings(
    pbx: DemoPbx, panel: Peer
) -> None:
    await panel.register()
    pbx.dial_on_desk_phone("*78")
    port = pbx.port

    await pbx.go_away()
    assert pbx.snapshot()["away"]
    await pbx.come_back()

    seen = pbx.snapshot()
    assert (pbx.port, seen["away"], seen["contacts"]) == (port, False, 0)
    assert seen["statuses"] == ["dnd"]
    assert (await panel.register()).code == 200


@story
async def test_going_and_coming_twice_does_no_harm(pbx: DemoPbx, panel: Peer) -> None:
    await pbx.go_away()
    await pbx.go_away()
    await pbx.come_back()
    await pbx.come_back()

    assert (await panel.register()).code == 200
