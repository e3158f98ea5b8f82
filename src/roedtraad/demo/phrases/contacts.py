"""Observations, contact with relatives, telephone notes and minutes of meetings."""

from __future__ import annotations

from roedtraad.demo.phrases.kinds import Bank

OBSERVATIONS = Bank({
    "": (
        "{name} holder hovedet på skrå, når noget er interessant.",
        "{name} bliver længere, når stolen står ved vinduet.",
        "Korte beskeder med én ting ad gangen virker bedst.",
        "{name} tager initiativ, når vi venter ti sekunder længere.",
        "Høje lyde får {name} til at gå ud; der er ro igen efter få minutter.",
        "{name} rakte en anden en kop uden at være spurgt.",
        "Der er mindre uro på dage med udeliv.",
        "{name} ser på uret hvert femte minut op til et besøg.",
        "Ny medarbejder i dag: {name} holdt afstand først og sad tæt på til sidst.",
        "{name} griner mest sammen med dem, der selv laver fejl.",
        "Tempoet falder efter klokken 14.",
        "{name} siger ja til meget, men kroppen siger noget andet.",
        "Blikket er vendt væk, men svaret kommer.",
        "{name} nynner, når opgaven passer i sværhed.",
        "Skift mellem to aktiviteter går lettere med fem minutters varsel.",
        "{name} vælger altid den blå kop, og det giver en god start.",
        "Øjnene gnides ofte ved skærmen; synet bør undersøges.",
        "{name} bruger flere ord udendørs end inde.",
        "Ved uenighed går {name} nu fra i stedet for at blive stående.",
        "{name} spiser langsommere end før og skal have tid nok.",
        "To gange i dag bad {name} selv om hjælp.",
        "Sko med ny sål gør gangen mere sikker.",
    ),
    "residential": (
        "{name} sover bedre, når sengen står med hovedet mod væggen.",
        "Badeværelset er koldt om morgenen, og det gør badet sværere.",
        "{name} viser nye gæster rundt i huset.",
        "Fredag eftermiddag er ugens sværeste tidspunkt.",
    ),
    "day": (
        "{name} arbejder bedst ved bordet nærmest døren.",
        "Efter pausen går der et kvarter, før {name} er i gang igen.",
        "{name} hjælper makkeren uden at tage over.",
    ),
    "child": (
        "{name} leger længst, når en voksen sidder på gulvet ved siden af.",
        "I skolen rækker {name} hånden op, når spørgsmålet handler om dyr.",
        "{name} trøstede en yngre, der faldt på gyngen.",
    ),
    "for:brain_injury for:communication": (
        "Ord kommer lettere, når {name} ser billedet samtidig.",
        "Venstre side bliver overset ved bordet; tallerkenen er drejet.",
    ),
    "for:autism for:developmental": (
        "Ændringer vist på tavlen dagen før giver en rolig morgen.",
        "{name} retter på rækken af kopper, når der er mange i rummet.",
    ),
})  # fmt: skip

RELATIVES = Bank({
    "": (
        "En pårørende ringede for at høre, hvordan ugen var gået; svaret er aftalt med {name}.",
        "Besøg i to timer. Der blev drukket kaffe og set billeder.",
        "Familien fortæller, at {name} lyder gladere i telefonen.",
        "Aftalt med familien, at vi ringer hver anden søndag.",
        "Familien spurgte til ferien; {name} svarer selv, når datoen er valgt.",
        "En søster har sendt en pakke med garn.",
        "Pårørende er bekymrede for vægten; vi tager det op med {name} først.",
        "{name} har givet lov til, at familien får besked om lægebesøget.",
        "{name} ønsker ikke, at dagens samtale deles med familien. Det er respekteret.",
        "Familien roser den nye kalender med billeder.",
        "Besøget blev flyttet til lørdag; {name} ved det.",
        "Pårørende fortalte om en gammel vane med sang til opvasken, som vi prøver.",
        "Familien vil gerne have færre opkald og hellere ét længere.",
        "Samtale med familien om, hvad der skal ske ved sygdom.",
        "Fødselsdagen planlægges: tolv gæster, kagemand, slut klokken 16.",
    ),
    "residential": (
        "Hjemme hos familien fra lørdag til søndag. Alle siger, det gik godt.",
        "Familien havde nyt sengetøj med.",
    ),
    "child": (
        "Forældrene var med til frokost, og {name} viste værkstedet.",
        "Far og vi har lavet samme aftale om skærm hjemme og her.",
    ),
    "adult": (
        "{names} datter kom forbi med børnebørnene.",
    ),
    "-for:crime": (
        "En onkel vil tage {name} med til fodbold, hvis der er følge.",
    ),
    "adult residential": (
        "En bror vil gerne hjælpe med flytningen af reolen.",
    ),
    "child -for:crime": (
        "Mor fortæller, at {name} sov godt hjemme.",
        "Mormor må gerne hente om fredagen; det står nu i kalenderen.",
    ),
})  # fmt: skip

PHONE = Bank({
    "": (
        "Ringet til lægen om svar på blodprøve; svar ventes fredag.",
        "Tandlægen har flyttet tiden til næste uge.",
        "Kommunens sagsbehandler spørger til dato for statusmøde.",
        "Ringet til apoteket om pakning af ugens medicin.",
        "Talt med fysioterapeuten: øvelserne fortsætter uændret.",
        "Frisøren har tid onsdag; {name} har sagt ja.",
        "Ringet til optikeren; brillerne er klar.",
        "Ringet til sygehuset om, hvem der må være med til undersøgelsen.",
        "Ingen svarede hos kommunen; der er lagt besked.",
        "Et opkald var til {name} selv og blev stillet videre.",
    ),
    "child": (
        "Skolen ringer: god dag, lidt træt efter idræt.",
        "Rådgiveren kommer forbi onsdag og vil tale med {name} alene først.",
    ),
    "adult": (
        "Banken kræver fremmøde; {name} vælger, hvem der går med.",
        "Værgen er orienteret om ønsket om en ny cykel.",
        "Hjælpemiddeldepotet kommer torsdag mellem 10 og 12.",
        "Hjemmesygeplejen ringer tilbage i morgen.",
    ),
    "-for:crime": (
        "Aftale med taxa er ændret til afgang klokken 8.15.",
        "Foreningen har plads til en mere fra næste måned.",
    ),
})  # fmt: skip

AWAY = Bank({
    "": (
        "Ringet og talt med {name}, der har det efter omstændighederne godt.",
        "{name} hilser og glæder sig til at komme hjem til sin egen seng.",
        "Talt kort med {name}; der er brug for rent tøj og telefonens oplader.",
        "Vi aftalte at ringe igen i morgen. {name} vil vide, hvad de andre laver.",
        "Der er styr på det praktiske, og {name} har kendte ansigter omkring sig.",
    ),
})  # fmt: skip

MINUTES = Bank({
    "": (
        "{name} bød velkommen og havde valgt kagen. Målet fortsætter, og næste møde er om tre måneder.",
        "Vi gennemgik ugens plan. {name} ønsker færre aftaler om mandagen, og det er ændret.",
        "Alle fortalte, hvad der virker. {name} nikkede til det med god tid om morgenen.",
        "Enighed om at dele målet i to mindre. {name} valgte, hvilket vi begynder med.",
        "Statusmøde med kommunen. {name} var med hele vejen og fik ordet først.",
        "Netværksmøde med fire deltagere. Aftaler er skrevet på tavlen med navne ud for.",
        "Der var uenighed om tempoet. {name} bestemte, at vi prøver en måned.",
        "Mødet blev holdt på gåben, fordi {name} tænker bedst ude.",
        "Opfølgning på sundhed: tandlæge bestilles, briller er på plads.",
        "Personalemøde om {names} mål: samme ord og samme kort bruges af alle.",
        "Kort møde efter en svær uge. Kravene sænkes, og besøg bliver kortere.",
    ),
    "child": (
        "Møde med skole og forældre. {name} havde tre kort med og lagde dem på bordet.",
        "{name} deltog de første tyve minutter og aftalte selv, hvad der måtte siges bagefter.",
    ),
    "adult": (
        "Møde om økonomi med værge. {name} fik sit ønske om en tur lagt i budgettet.",
        "{name} fortalte om drømmen om egen bolig, og vi skrev fem skridt ned.",
    ),
    "residential": (
        "Teammøde: vi mangler viden om nætterne og skriver dem ned i to uger.",
    ),
})  # fmt: skip
