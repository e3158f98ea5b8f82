"""Messages between the citizen, relatives and staff: whoever writes, and to whom. {name} is the citizen."""

from __future__ import annotations

from roedtraad.demo.phrases.kinds import Bank

MESSAGES = Bank({
    "by:citizen to:staff": (
        "Hej, må jeg komme med på turen i morgen?",
        "Jeg vil gerne tale med nogen i aften.",
        "Jeg sov dårligt. Kan vi tage badet senere?",
        "Kan I huske mig på tandlægen?",
        "Jeg har valgt retten til på torsdag. Det bliver lasagne.",
        "Tak for i dag, det var en god tur.",
        "Jeg vil ikke have besøg på værelset i morgen.",
        "Hvem er på arbejde lørdag?",
    ),
    "by:citizen to:relative": (
        "Hej, jeg har lavet en fuglekasse. Vil du se den?",
        "Kommer du på søndag?",
        "Jeg glæder mig til fødselsdagen.",
        "Jeg har det fint. Vi fik fiskefrikadeller.",
        "Må jeg ringe i aften efter nyhederne?",
        "Jeg kan ikke komme i weekenden, jeg er forkølet.",
        "Se, jeg har fået nye briller på billedet.",
        "Jeg savner jer.",
    ),
    "by:relative to:citizen": (
        "Kære {name}, vi kommer søndag klokken 14 og har kage med.",
        "Hvor er fuglekassen flot. Den skal hænge hos os, hvis du vil.",
        "Hunden hilser. Vi ringer i aften.",
        "Held og lykke hos tandlægen i morgen.",
        "Tak for billedet, {name}. Det står på komfuret.",
        "Vi må flytte besøget til lørdag, er det i orden for dig?",
        "God bedring. Sig til, hvis du mangler noget.",
    ),
    "by:relative to:staff": (
        "Hvordan gik besøget hos lægen? {name} har sagt, at jeg må spørge.",
        "Vi kan hente fredag klokken 15. Passer det med planen?",
        "Tak for samtalen i går, den gjorde godt.",
        "Der er brug for nye sko. Skal vi gå med ud og købe dem?",
        "Vi vil gerne med til næste møde, hvis {name} har lyst.",
        "{name} lød træt i telefonen. Er der noget, vi skal vide?",
    ),
    "by:staff to:citizen": (
        "Hej {name}, husk svømning i morgen klokken 10.",
        "Du havde en plan om at ringe hjem i dag. Skal vi hjælpes ad?",
        "Din nøgle er fundet. Den ligger på kontoret.",
        "Mødet er flyttet til onsdag. Du bestemmer stadig kagen.",
        "Tak for hjælpen med bordene i går.",
        "Der er plads på turen, og du er skrevet på.",
    ),
    "by:staff to:relative": (
        "Hej, {name} har bedt os skrive, at søndag passer godt.",
        "Vi vil gerne høre jer om en ny aftale for ferien. {name} er med på det.",
        "Besøget i går gjorde godt, og der blev sovet hele natten.",
        "{name} er forkølet, men ved godt mod. Besøg er velkomne.",
        "Mødet er den 12. klokken 13. {name} vil gerne have jer med.",
        "Vi kan ikke fortælle om samtalen uden {names} ja, men vi spørger i dag.",
    ),
})  # fmt: skip
