"""Free texts of the functional assessment, follow-up remarks, and what must be known at a transition."""

from __future__ import annotations

from roedtraad.demo.phrases.kinds import Bank

ASSESSMENTS = Bank({
    "by:professional about:communication light": (
        "{name} gør sig forstået i kendte omgivelser og har brug for lidt ekstra tid.",
        "Samtale på tomandshånd går let; i grupper hjælper det at få ordet givet.",
    ),
    "by:professional about:communication heavy": (
        "{name} udtrykker sig mest med krop, billeder og enkelte ord. Omgivelserne skal kende tegnene.",
        "Beskeder skal være korte og vises samtidig. Uden støtte går meget tabt.",
    ),
    "by:professional about:getting_about light": ("{name} færdes sikkert på kendte ruter og har følge til nye.",),
    "by:professional about:getting_about heavy": ("{name} har brug for hjælp eller følge ved al færden uden for huset.",),
    "by:professional about:self_care light": ("{name} klarer bad og påklædning med en påmindelse.",),
    "by:professional about:self_care heavy": (
        "{name} har brug for hjælp til bad, tænder og tøj, og ønsker selv at gøre det første trin.",),
    "by:professional about:everyday light": ("{name} laver enkle retter og vasker tøj efter en fast plan.",),
    "by:professional about:everyday heavy": (
        "Madlavning og rengøring gøres sammen; {name} deltager bedst i korte opgaver.",),
    "by:professional about:relations light": (
        "{name} har få og gode relationer og passer selv på dem.",
        "{name} er med i husets fællesskab og vælger selv til og fra.",
    ),
    "by:professional about:relations heavy": (
        "{name} ønsker kontakt, men har brug for støtte til at begynde og til at holde pause.",
        "{name} deltager kun med en tryg person ved siden af.",
    ),
    "by:professional about:occupation light": ("{name} holder en aftalt arbejdsdag eller skoledag med pauser.",),
    "by:professional about:occupation heavy": (
        "{name} kan samle sig i korte stræk, når opgaven er delt op og pladsen er rolig.",),
    "by:professional about:health light": ("{name} mærker selv, når noget er galt, og siger til.",),
    "by:professional about:health heavy": (
        "{name} viser sjældent smerte. Personalet følger søvn, appetit og bevægelse tæt.",),
    "by:professional about:mind light": ("{name} kender egne tegn og bruger sin plan med lidt støtte.",),
    "by:professional about:mind heavy": (
        "Uro og bekymring fylder i perioder. Rolige omgivelser og kendte ansigter gør en tydelig forskel.",),
    "by:professional about:money_home light": (
        "{name} styrer ugens penge og får hjælp til det større overblik.",
        "{name} holder sin bolig og siger til, når noget er i stykker.",
    ),
    "by:professional about:money_home heavy": (
        "{name} har brug for hjælp til at råde over penge og breve.",
        "{name} har brug for, at der er nogen i nærheden hele døgnet.",
    ),
    "by:professional about:leisure light": ("{name} har faste interesser og finder selv tid til dem.",),
    "by:professional about:leisure heavy": ("Fritiden skal sættes i gang af andre; derefter er glæden tydelig.",),
    "by:professional about:thinking light": (
        "{name} husker aftaler, der står på tavlen, og kommer i gang af sig selv.",
        "{name} planlægger dagen, når den er kendt; nye dage lægges sammen.",
    ),
    "by:professional about:thinking heavy": (
        "{name} mister tråden ved afbrydelser. Trinene skal ligge fremme ét ad gangen.",
        "Tid og rækkefølge er svære at holde fast i. Støtten begynder med at gøre dagen synlig.",
    ),
    "by:professional about:sleep_habits light": (
        "{name} sover det meste af natten og holder selv fast i sine vaner.",
        "Døgnrytmen er stabil; weekender giver små udsving.",
    ),
    "by:professional about:sleep_habits heavy": (
        "Nætterne er korte og brudte, og det kan mærkes hele dagen. En fast aften hjælper.",
        "{name} har brug for støtte til at bryde vaner, der koster helbred og penge.",
    ),
    "by:citizen about:communication": ("Jeg kan godt, hvis I venter på mig.", "Det er svært, når alle taler på én gang."),
    "by:citizen about:getting_about": ("Jeg går fint på mine egne veje.", "Jeg bliver usikker, når jeg ikke kender vejen."),
    "by:citizen about:self_care": ("Jeg klarer det meste selv.", "Jeg vil selv, men jeg bliver træt."),
    "by:citizen about:everyday": ("Jeg er god til at lave boller.", "Rengøring keder mig, men jeg kan godt."),
    "by:citizen about:relations": (
        "Jeg har dem, jeg har brug for.",
        "Jeg savner nogen at snakke med.",
        "Jeg kan lide at være med, når jeg selv må gå.",
    ),
    "by:citizen about:occupation": ("Jeg er dygtig med hænderne.", "Det går stærkt for de andre."),
    "by:citizen about:health": ("Jeg har det godt.", "Jeg sover for lidt."),
    "by:citizen about:mind": ("Nogle dage er tunge, de fleste går.", "Der er meget larm i mit hoved."),
    "by:citizen about:money_home": (
        "Jeg vil gerne bestemme mere over mine penge.",
        "Jeg er glad for mit vindue mod haven.",
        "Her er lidt for mange lyde.",
    ),
    "by:citizen about:thinking": (
        "Jeg husker godt det, der betyder noget.",
        "Det hele flyder sammen, når jeg skal flere ting.",
    ),
    "by:citizen about:sleep_habits": ("Jeg sover fint.", "Jeg ligger og tænker, til det bliver lyst."),
    "by:citizen about:leisure": ("Musik er det bedste.", "Søndage er lange."),
})  # fmt: skip

FOLLOW_UPS = Bank({
    "progress": (
        "Målet er på vej. {name} vil gerne fortsætte og gøre det lidt sværere.",
        "Niveauet er nået. Vi holder fast i tre måneder, før målet afsluttes.",
        "{name} er stolt af fremgangen, og støtten sættes ned med et besøg om ugen.",
        "Indsatsen virker bedst om formiddagen, så resten flyttes dertil.",
        "Både {name} og personale vurderer et niveau højere end sidst.",
        "Målet afsluttes. {name} har valgt det næste selv.",
    ),
    "standstill": (
        "Uændret siden sidst. Vi deler målet i mindre skridt.",
        "{name} er tilfreds med niveauet, og målet ændres til at fastholde.",
        "Indsatsen er kun leveret halvt; den skal gives en ærlig chance, før vi vurderer.",
        "{name} vurderer højere end personalet. Begge tal står, og vi taler om forskellen.",
        "Samme niveau i tre måneder. Vi prøver en anden metode.",
        "Tidspunktet passer dårligt; indsatsen flyttes til eftermiddag.",
    ),
    "setback": (
        "Tilbage på et lavere niveau efter en svær tid. Målet hviler en måned.",
        "Flytning og nye ansigter har kostet kræfter. Vi begynder forsigtigt igen.",
        "{name} ønsker at slippe målet, og vi finder et, der giver mere mening.",
        "Sygdom har taget fokus. Indsatsen genoptages med færre minutter.",
        "Forventningen var sat for højt. Niveauerne er skrevet om sammen med {name}.",
        "Noget i omgivelserne spænder ben; vi ser på lyd og lys, før vi øver mere.",
    ),
})  # fmt: skip

TRANSITIONS = Bank({
    "phase:before": (
        "{name} vil gerne se det nye sted to gange, før der besluttes noget.",
        "Tag billeder af værelset, indgangen og dem, der er på arbejde den første dag.",
        "{name} bestemmer, hvad der skal med i den første kasse.",
        "Datoen fortælles en uge før, ikke tidligere, efter {names} eget ønske.",
        "Den nye kontaktperson kommer på besøg og drikker kaffe, uden at der skal aftales noget.",
        "Aftal med familien, hvem der ringer den første aften.",
    ),
    "phase:during": (
        "Den første uge er der altid ét kendt ansigt om aftenen.",
        "Samme kop, samme lampe, samme aftenritual fra den første dag.",
        "Hold kravene lave; {name} bruger kræfterne på alt det nye.",
        "{name} går, når det bliver for meget. Gå med på afstand og tal først bagefter.",
        "Vis dagen på tavlen hver morgen, også når der ikke sker noget.",
        "Spørg {name} hver fredag, hvad der har været bedst og sværest.",
    ),
    "phase:after": (
        "Ring efter en måned og hør, hvordan det går. {name} vil gerne tale med en, der kender begge steder.",
        "Det virkede at øve ruten tre gange; gør det samme, når ruten ændres.",
        "Korte sætninger og god tid er det vigtigste, nye medarbejdere skal vide.",
        "{name} fortæller ikke selv om smerte. Se efter stille dage og mindre appetit.",
        "Venskabet med bofællen skal have en aftale, ellers glider det ud.",
        "Det, der gav mest glæde: vand, musik og at være til nytte.",
    ),
})  # fmt: skip
