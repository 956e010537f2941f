"""The codebook's definitions in Polish, for people who code: the codebook itself defines in English."""

from __future__ import annotations

from textmine.report.words import Language

__all__ = ["definition_in"]


def definition_in(definition: str, *, language: Language) -> str:
    """A definition of the shipped codebook in a language; one that was changed, or is a user's own, stays as it is."""
    return _POLISH.get(definition, definition) if language == "pl" else definition


# by the English text, not by the code: a definition that changes has no translation until it is translated anew
_POLISH = {
    "An economic cluster is talked about, a geographic concentration of connected firms, science and public bodies.":
        "Mowa o klastrze gospodarczym: skupieniu w przestrzeni powiązanych firm, nauki i instytucji publicznych.",
    "Clusters, cluster initiatives, cluster structures or clustering in general, or one unnamed cluster, its "
    "coordinator or members; also the older grono przemysłowe and powiązania kooperacyjne, and industrial districts.":
        "Klastry, inicjatywy klastrowe, struktury klastrowe lub klastering w ogóle albo jeden nienazwany klaster, jego "
        "koordynator lub członkowie; także dawniejsze grono przemysłowe i powiązania kooperacyjne, okręgi przemysłowe.",
    "One particular cluster by its proper name; the name is also a span. Names come from the registry of clusters and "
    "from patterns.":
        "Jeden określony klaster z nazwy własnej; nazwę zaznacza się też w zdaniu. Nazwy pochodzą z rejestru klastrów "
        "i ze wzorców.",
    "Policy, programme, strategy or support for clusters; the Key National Cluster and like statuses.":
        "Polityka, program, strategia lub wsparcie klastrów; status Krajowego Klastra Kluczowego i podobne.",
    "An energy cluster in the legal sense (klaster energii of the Act on renewable energy sources).":
        "Klaster energii w rozumieniu ustawy o odnawialnych źródłach energii.",
    "Something hinders clusters, cooperation, innovation or the region's development, as a fact, a past fact or "
    "a threat.":
        "Coś utrudnia działanie klastrów, współpracę, innowacje lub rozwój regionu: jako fakt, fakt z przeszłości lub "
        "zagrożenie.",
    "No, weak or short-lived cooperation or cooperation mechanisms between firms, science and authorities.":
        "Brak współpracy albo słaba lub nietrwała współpraca (lub jej mechanizmy) między firmami, nauką i władzami.",
    "Lack of trust, low social capital, unwillingness to share, rivalry.":
        "Brak zaufania, niski kapitał społeczny, niechęć do dzielenia się, rywalizacja.",
    "No or poor access to money, dependence on grants, loss of funding.":
        "Brak lub utrudniony dostęp do pieniędzy, zależność od dotacji, utrata finansowania.",
    "Too few qualified people, brain drain, weak managers or coordinators.":
        "Za mało wykwalifikowanych ludzi, drenaż mózgów, słabi menedżerowie lub koordynatorzy.",
    "Little knowledge or awareness of clusters, of support, of benefits; weak information or promotion.":
        "Mała wiedza lub świadomość klastrów, wsparcia, korzyści; słaba informacja lub promocja.",
    "Incoherent, missing or unstable policy, coordination or law; red tape.":
        "Niespójna, nieobecna lub niestabilna polityka, koordynacja lub prawo; biurokracja.",
    "Transport, broadband, power grid, laboratories or investment land are missing or poor.":
        "Brakuje transportu, internetu szerokopasmowego, sieci energetycznych, laboratoriów lub terenów inwestycyjnych "
        "albo są złe.",
    "Low R&D spending, weak innovativeness, weak technology transfer or commercialisation.":
        "Niskie nakłady na B+R, słaba innowacyjność, słaby transfer technologii lub komercjalizacja.",
    "Too small scale, no critical mass, fragmentation, weak demand, weak exports, strong outside competition.":
        "Zbyt mała skala, brak masy krytycznej, rozdrobnienie, słaby popyt, słaby eksport, silna konkurencja obca.",
    "Peripheral position, disparities inside the region, depopulation, ageing, environmental limits.":
        "Peryferyjne położenie, różnice wewnątrz regionu, wyludnianie, starzenie się, ograniczenia środowiskowe.",
    "An area is named as a priority, a specialisation, a leading sector, or as what support, clusters or development "
    "are directed at.":
        "Obszar wymieniono jako priorytet, specjalizację, branżę wiodącą albo jako to, na co skierowano wsparcie, "
        "klastry lub rozwój.",
    "ICT, digital economy, software, artificial intelligence, electronics, photonics, cybersecurity.":
        "ICT, gospodarka cyfrowa, oprogramowanie, sztuczna inteligencja, elektronika, fotonika, cyberbezpieczeństwo.",
    "Life science, biotechnology, pharmacy, medicine, healthy society.":
        "Nauki o życiu, biotechnologia, farmacja, medycyna, zdrowe społeczeństwo.",
    "Energy, renewables, energy efficiency, grids, hydrogen, low-emission economy.":
        "Energia, źródła odnawialne, efektywność energetyczna, sieci, wodór, gospodarka niskoemisyjna.",
    "Agri-food, food, agriculture, bioeconomy, wood and forest economy.":
        "Sektor rolno-spożywczy, żywność, rolnictwo, biogospodarka, gospodarka leśno-drzewna.",
    "Advanced manufacturing, Industry 4.0, materials, machinery, metal, chemicals, automotive, aviation and space.":
        "Zaawansowana produkcja, Przemysł 4.0, materiały, maszyny, metal, chemia, motoryzacja, lotnictwo i kosmos.",
    "Transport, logistics, smart mobility, maritime and port economy.":
        "Transport, logistyka, inteligentna mobilność, gospodarka morska i portowa.",
    "Construction, smart and passive buildings, furniture.":
        "Budownictwo, budynki inteligentne i pasywne, meblarstwo.",
    "Circular economy, waste, water, environmental technology, climate adaptation.":
        "Gospodarka o obiegu zamkniętym, odpady, woda, technologie środowiskowe, adaptacja do zmian klimatu.",
    "Creative industries, culture, design, media, games.":
        "Przemysły kreatywne, kultura, wzornictwo, media, gry.",
    "Tourism, health resorts, leisure.":
        "Turystyka, uzdrowiska, wypoczynek.",
    "Business services, finance, BPO and SSC, knowledge-intensive services.":
        "Usługi dla biznesu, finanse, centra BPO i SSC, usługi oparte na wiedzy.",
    "A public measure is taken, planned or called for.":
        "Działanie publiczne jest podejmowane, planowane lub postulowane.",
    "Grants, loans, funds, vouchers, programmes that pay.":
        "Dotacje, pożyczki, fundusze, bony, programy, które płacą.",
    "A programme, body, platform, council or coordinator that steers or joins up.":
        "Program, organ, platforma, rada lub koordynator, który steruje lub łączy.",
    "Parks, incubators, laboratories, zones, investment in facilities.":
        "Parki, inkubatory, laboratoria, strefy, inwestycje w obiekty.",
    "Training, education, dual study, advice, mentoring.":
        "Szkolenia, kształcenie, studia dualne, doradztwo, mentoring.",
    "Promotion, information, internationalisation, fairs, missions, branding.":
        "Promocja, informacja, umiędzynarodowienie, targi, misje, marka.",
    "Joint R&D projects, technology transfer, commercialisation support.":
        "Wspólne projekty B+R, transfer technologii, wsparcie komercjalizacji.",
    "Legal change, tax relief, simplification, standards, certification of clusters.":
        "Zmiana prawa, ulgi podatkowe, uproszczenia, standardy, certyfikacja klastrów.",
    "Policies, levels or funds are tied together.":
        "Polityki, poziomy lub fundusze są ze sobą powiązane.",
    "The document ties itself, or clusters, to another level's policy (EU, national, regional, local).":
        "Dokument wiąże siebie lub klastry z polityką innego poziomu (UE, krajową, regionalną, lokalną).",
    "Policies or sectors of one level are joined up (innovation with education, clusters with smart specialisation, "
    "complementarity of funds).":
        "Polityki lub sektory jednego poziomu są połączone (innowacje z edukacją, klastry z inteligentną "
        "specjalizacją, komplementarność funduszy).",
    "Business, science and administration (at least two of the three) act together, as a fact or as an aim.":
        "Biznes, nauka i administracja (co najmniej dwa z trzech) działają razem, jako fakt lub cel.",
}  # fmt: skip
