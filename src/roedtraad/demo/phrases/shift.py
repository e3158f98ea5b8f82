"""What a shift leaves behind: sticky notes, handover, skipped tasks, risk, absence, appointments."""

from __future__ import annotations

from roedtraad.demo.phrases.kinds import Bank

STICKY = Bank({
    "": (
        "Husk høreværnet, når vi går ud.",
        "{name} vil gerne spørges før kl. 10.",
        "Nye briller ligger i øverste skuffe.",
        "Telefonen skal lades op inden turen.",
        "Husk regntøj.",
        "Bank på to gange og vent.",
        "{name} øver sig i at sige nej. Giv tid.",
        "Nøglekort er bestilt og kommer mandag.",
        "Husk tillykke på torsdag.",
        "Mangler strømper. {name} vil selv vælge farven.",
        "Kom ikke ind på flytning i dag, {name} har bedt om ro om det.",
        "Ny sang på listen. Spørg, om du må høre den.",
        "Tandlæge: {name} vil have samme følge som sidst.",
        "Brug tavlen, også når det går hurtigt.",
    ),
    "residential": (
        "Gardinstangen er løs. Pedellen kommer i morgen.",
        "Ekstra tæppe i skabet, når det fryser.",
        "Vækkeuret står en time for tidligt.",
    ),
    "child": (
        "Gymnastiktøj med på onsdag.",
        "Seddel fra skolen skal skrives under.",
    ),
    "adult": (
        "Kaffe uden mælk fra nu af.",
    ),
    "-for:crime": (
        "Spørg til fisketuren. Der er et billede.",
        "Cyklen er til reparation til fredag.",
        "Øreprop i venstre øre ved svømning.",
    ),
})  # fmt: skip

HANDOVER = Bank({
    "": (
        "{name} har haft en god vagt og vil gerne vise sit arbejde frem.",
        "Vær opmærksom på, at {name} har fået en skuffelse i dag.",
        "{name} har spist lidt; tilbyd gerne noget senere.",
        "Ny aftale om pauser er begyndt; kortet ligger på bordet.",
        "{name} venter på et opkald fra familien.",
        "Lægen ringer tilbage; {name} ved det.",
        "Opgaven blev halvt færdig og må gerne gøres færdig i morgen.",
        "{name} har bedt om at tale med sin kontaktperson.",
        "Rolig vagt, intet særligt at give videre om {name}.",
        "{name} har ømhed i knæet og har fået tid hos lægen.",
    ),
    "at:day": (
        "Aftenens maddag er {names}; varerne står i køleskabet.",
        "{name} har sovet til middag og er måske længe oppe.",
        "Besøg i aften klokken 18, {name} har glædet sig.",
        "Der var mange indtryk i dag; hold aftenen enkel.",
    ),
    "at:evening": (
        "{name} gik tidligt i seng og kan vågne før fem.",
        "Døren skal stå på klem i nat.",
        "{name} var urolig ved sengetid; te og få ord hjalp.",
        "Vækning klokken 7.30, turen går klokken 9.",
    ),
    "at:night": (
        "{name} har sovet lidt; lad morgenen være langsom.",
        "God nat, {name} er klar til dagens tur.",
        "{name} var oppe to gange og talte om bussen.",
        "Vasketøj fra natten ligger i kurven.",
    ),
})  # fmt: skip

SKIPS = Bank({
    "": (
        "{name} ønskede det ikke i dag.",
        "{name} sov.",
        "Erstattet af en samtale, der var vigtigere.",
        "Ikke på stedet på tidspunktet.",
        "For mange aftaler samme dag.",
        "Udsat til i morgen efter {names} ønske.",
        "Vi var én for lidt på arbejde.",
        "Vejret tillod det ikke.",
        "Besøg på samme tid.",
        "Uro i huset; andre havde brug for os.",
        "{name} havde allerede gjort det selv.",
        "Syg i dag.",
        "Udstyret manglede.",
    ),
})  # fmt: skip

RISKS = Bank({
    "green": (
        "Rolig og i god kontakt.",
        "Sovet godt, spist godt, glad for dagens plan.",
        "Kendte medarbejdere på vagt og ingen ændringer.",
        "{name} siger selv, at det er en god dag.",
        "Ingen tegn på ubehag.",
        "God opstart, tager selv pauser.",
        "Stemningen i huset er rolig.",
    ),
    "yellow": (
        "Sovet under fire timer.",
        "Ny vikar i dag; brug tavlen.",
        "Vandrer mere end sædvanligt.",
        "Svar udebliver, og stemmen er højere end ellers.",
        "Et besøg er aflyst.",
        "Gav udtryk for bekymring i morges.",
        "Ændret medicin siden i går; vi holder øje.",
        "Mange i huset i dag; hold afstand og få ord.",
    ),
    "red": (
        "Slog i bordet to gange; to medarbejdere sammen i dag.",
        "{name} har selv bedt om ekstra følge.",
        "Truende ord i morges; kun kendte medarbejdere går ind.",
        "Taler om ikke at ville være her; tæt kontakt og læge orienteret.",
        "Kan ikke finde ro; skærmet plads og kun det nødvendige.",
        "Ting er blevet kastet; planen for svære dage følges.",
    ),
})  # fmt: skip

ABSENCES = Bank({
    "away:holiday": (
        "På ferie med familien.",
        "På sommerhustur med to medarbejdere.",
        "På højskoleophold i en uge.",
    ),
    "away:hospital": (
        "Indlagt til planlagt undersøgelse; vi ringer hver dag.",
        "Indlagt til behandling; kontaktperson besøger dagligt.",
        "Indlagt; taske og billedbog er sendt med.",
    ),
    "away:home": (
        "Hjemme hos familien i weekenden.",
        "Overnatter hos en søster.",
        "Hjemme til familiefest, tilbage søndag aften.",
    ),
    "away:ill": (
        "Forkølet og bliver på værelset.",
        "Meldt syg af sit bosted.",
        "Ondt i maven, prøver igen i morgen.",
    ),
})  # fmt: skip

APPOINTMENTS = Bank({
    "": (
        "Tandlæge", "Læge: årlig helbredssamtale", "Frisør", "Fodpleje", "Statusmøde med kommunen",
        "Netværksmøde", "Fysioterapi", "Musik i lille gruppe", "Samtale med kontaktperson", "Optiker",
        "Husmøde", "Opfølgning på mål", "Fødselsdag i familien", "Blodprøve", "Høreprøve",
    ),
    "adult": ("Banken med følge", "Møde med værge", "Kaffe på værestedet", "Foreningsaften", "Vaccination"),
    "child": ("Skole-hjem-samtale", "Samtale med rådgiver"),
    "child -for:crime": ("Fodboldtræning", "Biograf med gruppen"),
    "residential": ("Besøg af familien", "Maddag", "Vaskedag"),
    "-for:crime": ("Tur til stranden", "Bowling med holdet", "Indkøbstur"),
})  # fmt: skip
