/**
 * Of the published lists of leaked passwords, those of twelve characters or more that the rules of password-policy.ts (repetition,
 * sequence, a common word with decoration) do not already find.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 1qaz1qaz1qaz
zaq12wsxcde3 zaq1xsw2cde3 zaq12wsxzaq1 qazwsxedcrfv qazwsxedcrfvtgb qweasdzxc123 qweasdzxcqwe 123qweasdzxc
123456qwerty 12345qwerty1 1234567qwerty qwerty123456 qwerty1234567 qwertyuiop12 qwertyuiop123 qwertyuiop1234
qwertyuiopas qwertyuiopasdfgh qwertyuiopasdfghjkl qwertzuiop12 qwertzuiop123 azertyuiop12 azertyuiop123
asdfghjkl123 asdfghjkl1234 asdfasdfasdf zxcvbnm12345 zxcvbnmasdfghjkl poiuytrewq12 poiuytrewq123
q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8 a1b2c3d4e5f6 a1s2d3f4g5h6 1a2b3c4d5e6f 1a2s3d4f5g6h
abc123abc123 abcd1234abcd abcd12345678 abc123456789 a123456789012 123456789abc 123456789abcd 123456789qwe
123456789qwerty 123456789asd 12345678910a 1234567891011 123456123456 123123123123 123321123321 121212121212
112233445566 11223344556677 102030405060 147258369147 147258369000 159357456852 159753456852 741852963000
987654321000 987654321098 010203040506 101010101010 131313131313 001122334455 314159265358 3141592653589
271828182845 iloveyou1234 iloveyousomuch iloveyouforever iloveyoubaby iloveyou4ever iloveyou2023
iloveyou2024 ilovemyfamily ilovemyself1 ilovemymother trustno1trustno1 trustno12345 letmeinplease
letmein12345 openthedoor1 opensesame12 opensesame123 comeonletmein whatever1234 whateverman1 unbelievable
unforgettable understanding administrator administrator1 administrator123 adminadmin12 adminpassword
rootpassword rootroot1234 superadmin123 systemadmin1 masterpassword mypassword12 mypassword123 newpassword1
newpassword12 newpassword123 changepassword changethispassword passwordispassword thisispassword
thisisapassword thisismypassword notapassword1 secretpassword supersecret1 supersecret12 supersecret123
topsecret1234 defaultpassword temppassword1 temppassword123 temporary1234 testpassword testpassword1
testpassword123 testtesttest test12345678 demopassword userpassword guestpassword companypassword
loginpassword passwordpassword passw0rdpassw0rd manchesterunited manchester123 liverpoolfc1 liverpool123
liverpool1892 chelseafc1905 arsenalfc123 barcelona123 realmadrid123 realmadrid1902 juventus1897
galatasaray1905 fenerbahce1907 besiktas1903 trabzonspor61 newyorkcity1 newyorkyankees losangeles123
dallascowboys dallascowboys1 pittsburgh123 steelers12345 redsoxnation1 lakers242424 kobebryant24
michaeljordan michaeljordan23 cristiano777 cristianoronaldo lionelmessi10 leomessi1010 starwars1234
starwars1977 starwarsfan1 darthvader12 darthvader123 lukeskywalker millenniumfalcon harrypotter1
harrypotter12 harrypotter123 harrypotter7 hermione1234 dumbledore12 dumbledore123 gameofthrones
winteriscoming lordoftherings gandalf12345 frodobaggins spiderman1234 spiderman123 superman1234
superman12345 batman123456 batmanbegins wonderwoman1 captainamerica ironman12345 pokemon12345 pokemon123456
pikachu12345 charizard123 minecraft123 minecraft1234 fortnite1234 leagueoflegends callofduty123
callofduty4mw counterstrike counterstrike16 worldofwarcraft warcraft1234 dragonball123 dragonballz1
naruto123456 narutouzumaki finalfantasy7 finalfantasy metallica123 ironmaiden666 slipknot12345 linkinpark12
linkinpark123 greenday1234 nirvana12345 blink182blink greatestshow christopher1 christopher12 christopher123
alexander123 alexander1234 elizabeth123 elizabeth1234 jacqueline12 jacqueline123 katherine123 stephanie123
stephanie1234 sebastian123 sebastian1234 valentina123 maximilian12 maximilian123 jessica12345 michelle1234
jennifer1234 charlotte123 isabella1234 princess1234 princess12345 sunshine1234 sunshine12345 butterfly123
butterfly1234 chocolate123 chocolate1234 strawberry12 strawberry123 watermelon12 watermelon123 blueberry123
cinnamon1234 cheesecake12 football1234 football12345 baseball1234 baseball12345 basketball12 basketball123
basketball23 volleyball12 volleyball123 skateboard12 skateboard123 motorcycle12 motorcycle123 harleydavidson
volkswagen12 volkswagen123 mercedesbenz mercedes1234 lamborghini1 lamborghini12 ferrari12345 corvette1234
mustang12345 thunderbird1 thunderbird12 blackbird123 internet1234 computer1234 computer12345 microsoft123
microsoft1234 windows12345 linuxlinux123 macbookpro12 apple1234567 samsung12345 samsung123456 google123456
facebook1234 facebook12345 instagram123 twitter12345 youtube12345 whatsapp1234 linkedin1234 amazon123456
netflix12345 correcthorse helloworld12 helloworld123 hello1234567 hellohello12 goodmorning1 goodmorning123
goodnight123 happybirthday happynewyear merrychristmas summer202020 summer2023summer winter2023winter
spring202020 january12345 february1234 september123 september11th october12345 november1234 december1234
december2012 monday123456 friday131313 saturday1234 blessedbethe jesuschrist1 jesuschrist12 jesusislord1
jesuslovesme jesus4everjesus godisgood123 godislove123 praisethelord inshaallah12 bismillah123 bismillah786
pakistan1234 indonesia123 bangladesh12 philippines1 america12345 australia123 australia1234 california12
california123 argentina123 deutschland1 deutschland12 schatz123456 passwort1234 passwort12345 passwort123456
hallo1234567 hallohallo12 motdepasse12 motdepasse123 bonjour12345 bonjour123456 azerty123456 loulou123456
doudou123456 contrasena12 contrasena123 holahola1234 tequiero1234 teamomucho12 mibebe123456 parola123456
parola1234567 senha1234567 senha123senha parool123456 wachtwoord12 wachtwoord123 welkom123456 haslo1234567
qwerty12345678 zaq12wsx34edc admin1234567 admin12345678 admin123admin root12345678 user12345678 guest1234567
login1234567 master123456 master1234567 secret123456 access123456 monkey123456 dragon123456 shadow123456
killer123456 hunter123456 hunter2hunter2 ginger123456 pepper123456 tigger123456 buster123456 soccer123456
hockey123456 jordan123456 jordan232323 ranger123456 matrix123456 cookie123456 purple123456 orange123456
silver123456 golden123456 diamond12345 phoenix12345 mynameisjohn mynoob123456 ncc1701ncc1701 rush2112rush
thx1138thx11 ou812ou812ou bond007bond007 jamesbond007 edgecrew1234`.split(/\s+/),
)

/** Words that a password must not be made of alone. */
export const commonWords: readonly string[] = [
  "passwort",
  "password",
  "passwd",
  "pass",
  "welcome",
  "willkommen",
  "changeme",
  "letmein",
  "qwertyuiop",
  "qwerty",
  "qwertz",
  "azerty",
  "asdfghjkl",
  "asdfgh",
  "asdf",
  "zxcvbnm",
  "admin",
  "root",
  "user",
  "guest",
  "test",
  "demo",
  "login",
  "secret",
  "master",
  "monkey",
  "dragon",
  "football",
  "baseball",
  "iloveyou",
  "sunshine",
  "princess",
  "superman",
  "batman",
  "default",
  "temporary",
  "temp",
  "company",
  "office",
  "summer",
  "winter",
  "spring",
  "autumn",
  "edgecrew",
  "please",
  "hello",
].sort((a, b) => b.length - a.length)
