from __future__ import annotations

from textmine.codebook import clusters, load_codebook, policy_timeline, regions


def test_registry_knows_energy_clusters_apart() -> None:
    by_name = {cluster.name: cluster for cluster in clusters()}
    assert len(by_name) > 250
    assert by_name["Klaster Dolina Lotnicza"].names == ("Klaster Dolina Lotnicza", "Aviation Valley", "Dolina Lotnicza")
    assert not by_name["Klaster Dolina Lotnicza"].is_energy_cluster
    assert by_name["Karkonoski Klaster Energetyczny"].is_energy_cluster
    assert by_name["Silicon Saxony"].country == "DE"


def test_sectors_and_specialisations_are_codes() -> None:
    codes = {code.code for code in load_codebook().codes}
    assert {cluster.sector for cluster in clusters() if cluster.sector} <= codes
    assert {area for region in regions() for area in region.specialisations} <= codes


def test_regions_have_all_forms() -> None:
    by_name = {region.name: region for region in regions()}
    assert len(by_name) == 16
    mazowieckie = by_name["mazowieckie"]
    assert mazowieckie.teryt == "14"
    assert mazowieckie.nuts2 == ("PL91", "PL92")
    assert "mazowieckiej" in mazowieckie.adjective_forms
    assert "Mazowsza" in mazowieckie.noun_forms
    assert "Mazovia" in mazowieckie.names_en
    assert "priority.agrifood" in mazowieckie.specialisations


def test_timeline_is_in_order_of_years() -> None:
    years = [event.year_from for event in policy_timeline()]
    assert years == sorted(years)
    assert {event.level for event in policy_timeline()} <= {"eu", "national", "regional", "local", "foreign"}
    assert all(event.year_to is None or event.year_to >= event.year_from for event in policy_timeline())
