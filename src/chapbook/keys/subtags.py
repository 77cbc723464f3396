"""IANA's registry of language subtags (RFC 5646), of 2025-08-25; `make languages` writes this file."""

from __future__ import annotations

__all__ = ["EXTENDED_LANGUAGES", "LANGUAGES", "REGIONS", "REPLACED", "SCRIPTS", "VARIANTS"]

LANGUAGES = """
aa-abcdefghiklmnopqstuvwxz ab-abcdefghijlmnopqrstuvwxyz acabdefhiklmnpqrstuvwxyz adabdefghijlnopqrstuwxyz
ae-abcdeklmnqrsuwyz af-abdeghiknopstuz agabcdefghijklmnopqrstuvwxyz ahabghiklmnoprst aiabcdefghijklmnopqrstwxy
ajaginpstuwz ak-bcdefghijklmopqrstuvwxyz alacdefghijklmnopqrstuvwxyz am-abcefgijklmnopqrstuvwxyz
an-abcdefghijklmnopqrstuvwxyz aoabcdefghijklmnrstuxz apabcdefghijklmnopqrstuvwxyz aqacdgklmnprtz
ar-bcdehijklnopqrstuvwxyz as-abcdefghijklnopqrstuvwxyz atabcdeghijklmnopqrstuvwxyz auabcdefghijklmnopqrstuwxyz
av-bdiklmnostuv awabcdeghikmnorstuvwxy axbegklmx ay-abcdeghiklnopqrstuxyz az-abcdgjmnotz ba-abcdefghijlnoprstuvwxyz
bbabcdefghijklmnopqrstuvwxyz bcabcdefghijklmnopqrstuvwyz bdabcdefghijklmnopqrstuvwxyz be-abcdefghijkmopqrstuvwxyz
bfabcdefghijklmnopqrstuwxyz bg-abcdefgijklmnopqrstuvwxyz bh-abcdefghijklmnopqrstuvwxyz bi-abcdefgjklmnopqrtuvwxyz
bjabcdefghijklmnopqrstuvwxyz bkabcdfghijklmnopqrstuvwxyz blabcdefghijklmnopqrstvwxyz bm-abcdefghijklmnopqrstuvwxyz
bn-abcdefgijklmnopqrstuvwxyz bo-abefghijklmnopqrtuvwxyz bpabcdeghijklmnopqrstuvwxyz bqabcdfghijklmnopqrstuvwxyz
br-abcdfghijklmnopqrstuvwxyz bs-abcefghijklmnopqrstuvwxy btabcdefghijklmnopqrstuvwxyz buabcdefghijkmnopqstuvwxyz
bvabcdefghijklmnopqrtuvwxyz bwabcdefghijklmnopqrstuwxyz bxabcdefghijklmnopqrsuvwxz byabcdefghijklmnopqrstvwxyz
bzabcdefghijklmnopqrstuvwxyz ca-abcdefghijklmnopqrsuvwxyz cbabcdeghijklnoqrstuvwy ccacdeghjlmnopqrs cdacdefghijmnorsyz
ce-abgklnty cfadgm cgacgk ch-bcdfghjklmnopqrtwxyz ciabcdehkmnprwy cjaehikmnoprsvy ckabhlmnoqrstuvxyz clacdehijklmostuwy
cmacegiklmnorst cnabcghiklopqrstuwx co-abcdefghjklmnopqtuvwxyz cpabcefginopsuxy cqdu cr-abcdfghijklmnopqrstvwxyz
cs-abcdefghijklmnopqrstuvwxyz ctacdeghlmnopstuyz cu-abcghijklmopqrstuvwxy cv-gn cwabdegt cxh cy-abo czhknot
da-acdefghijklmopqrsuvwxyz dbabdefgijlmnopqrtuvwy dccr ddadegijnorsw de-cdefghiklmnpqrsvz dgabcdeghiklnorstuwxz
dhadgilmnorsuvwx diabcdfghijklmnopqrstuwxyz djabcdefijklmnoruw dkagklrsx dlgkmn dmabcdefgklmnorsuvwxy dnadegijknortuvwy
doabcefhiklnopqrstvwxyz dpp drabcdeghilnoqrstuwy dsbehiklnoqz dtabdhikmnoprstuy duabcdefghijklmnopqrsuvwxyz dv-a
dwaklrsuwyz dyabdgimnoruy dz-adegln eaa ebcgkoru ecrsy ee-e efaei egalmoxy ehsu eiptv eja ekacegiklmopry el-ehikmopux
emabegikmnopqsuwxyz en-abcdfhlmnoqruvwx eo-t epi eraghikorstw es-eghiklmnoqsuxy et-bchnorstuxz eu-dq evehn ewo ext eyao
ezae fa-abdfghijklmnprtuxyz fbl fcs fer ff-im fgr fi-aeflprtuw fj- fkkv flahilnry fmpu fnbgi fo-dimnrsx fpe fqs
fr-cdkmopqrst fsels fubcdefhijmnqrtuvy fvr fwae fy- ga-abcdefghijklmnopqrstuvwxyz gbabcdefghijklmnopqrsuvwxyz gccdeflnrt
gd-abcdefghijklmnoqrstux geabcdfghijklmqsvwxyz gfktx ggabdegklnortuw ghacehklnorst giabcdeghilmnopqrstuwxyz gjikmnru
gkadenopu gl-bcdhijkloruwy gmabdeghlmnqruvwxyz gn-abcdeghijklmnoqrtuwz goabcdefghijklmnopqrstuvwxyz gpaen gqainru
grabcdghijkmoqrstuvwxyz gseglmnopsw gtaiu gu-abcdefghiklmnopqrstuvwxz gv-acefjlmnoprsy gwabcdefgijmnrtuwx gxx
gyabdefgilmnoryz gzain ha-abcdefghijklmnopqrsvwxyz hbabnou hcah hdnsy he-adghim hgmw hhiry hi-abdfghijklmortwx hji
hkaehkns hlabdetu hmabcdefghijklmnpqrstuvwxyz hnadeghijmnosu ho-abcdehijklmoprstvwyz hpos hr-acekmoprtuwxz hsbhlns
ht-iosux hu-bcdefghijklmopqrstuvwxyz hvceknv hwaco hy-awx hz- ia-inpr ibabdeghilmnruy icahlr id-abcdeirstu ie-
ifabefkmuy ig-beglmnosw ihbipw ii-nr ijcejnos ik-ehikloprstvwxz ilabgiklmopsuvw imaeilnorsty in-bceghjlmnopstz io-ruw
ipio iquw iraehiknoruxy is-acdeghikmnortuv it-bcdeiklmorstvwxyz iu-m ivbv iw-kmos ixcl iyaox izhimrz
ja-abcdefhjklmnoqrstuxyz jbeijkmnortuw jcst jdagt jebeghiklnrtu jgbeko jhis ji-abcdeghilmoqtuvy jjer jkamoprsu jles
jmabcdilnrswx jnadgijls jobdgrsw jparx jqr jrabrtu jsl juabcdhiklmnoprstuwy jv-dn jw-i jyaey ka-abcdefghijkmopqrvwxy
kbabcdefghijklmnopqrstuvwxyz kcabcdefghijklmnopqrstuvwxyz kdacdefghijklmnopqrtuvwxyz keabcdefghijklmnopqrstuvwxyz
kfabcdefghijklmnopqrstuvwxyz kg-abcdefghijklmnopqrstuvwxy khabcdefghijklnopqrstuvwxyz ki-abcdefghijlmopqstuvwxyz
kj-abcdefghijklmnopqrstuvxyz kk-abcdefghijklmnopqrstuvwxyz kl-abcdefghijklmnopqrstuvwxyz km-abcdefghijklmnopqrstuvwxyz
kn-abcdefgijklmnopqrstuvwxyz ko-acdefghijklopqstuvwxyz kpabcdefghijklmnopqrstuvwxyz kqabcdefghijklmnopqrstuvwxyz
kr-abcdefhijklmnoprstuvwxyz ks-abcdefghijklmnopqrstuvwxyz ktabcdefghijklmnopqrstuvwxyz ku-bcdefghijklmnopqstuvwxyz
kv-abcdefghijklmnopqrstuvwxyz kw-abcdefghijklmnopqrstuvwxyz kxabcdefhijklmnopqrstuvwxyz ky-abcdefghijklmnopqrstuvwxyz
kzabcdefghijklmnopqrstuvwxyz la-abcdefghijklmnpqrsuwxyz lb-abcefgijklmnoqrstuvwxyz lccdefhlmpqs ldabdghijklmnopq
leabcdefghijklmnopqrstuvwxyz lfan lg-abghiklmnoqrstuz lhahilmnpstu li-abcdefghijklopqrsuvwxyz ljaeilpwx
lkabcdehijlmnorstuy llabcdefghijklmnopqsux lmabcdefghijklmnopqruvwxyz ln-abdghijlmnosuwz lo-abcefghijklmnopqrstuvwxyz
lpaenox lqr lracegiklmnortvz lsabcdeghilmnoprstvwy lt-cghinosu lu-acdefhijklmnopqrstuvwyz lv-aiklsu lwaeghlmostuw lxm
lyagn lzhlnz maabdefgijkmnpqstuvwxz mbabcdefhijklmnopqrstuvwxyz mcabcdefghijklmnopqrstuvwxyz mdabcdefghijklmnpqrstuvwxyz
meabcdefghijklmnopqrstuvwyz mfabcdefghijklmnopqrstuvwxyz mg-abcdefghijklmnopqrstuvwxyz mh-abcdefghijklmnopqrstuwxyz
mi-abcdefghijklmnopqrstuwxyz mjabcdeghijklmnopqrstuvwxyz mk-abcefghijklmnopqrstuvwxyz ml-abcdefhijklmnopqrsuvwxz
mmabcdefghijklmnopqrtuvwxyz mn-abcdefghijklmnopqrstuvwxyz mo-acdefghijkmopqrstuvwxyz mpabcdeghijklmnopqrstuvwxyz
mqabcefghijklmnopqrstuvwxyz mr-abcdefghjklmnopqrstuvwxyz ms-bcdefghijklmnopqrstuvwxyz mt-abcdefghijklmnopqrstuvwxy
muabcdeghijklmnopqrstuvxyz mvabdefghiklmnopqrstuvwxyz mwabcdefghijklmnopqrstuvwxyz mxabcdefghijklmnopqrstuvwxyz
my-bcdefghijklmnopqrstuvwxyz mzabcdeghijklmnopqrstuvwxyz na-abcdefghijklmnopqrstwxyz nb-abcdefghijkmnopqrstuvwxy
ncabcdefghijklmnopqrstuxz nd-abcdfghijklmnpqrstuvwxyz ne-abcdefghijkmnoqrstuvwxyz nfadlru ng-abcdefghijklmnopqrstuvwxyz
nhabcdefghikmnopqrtuvwxyz niabcdefghijklmnoqrstuvwxyz njabdhijlmnorstuxyz nkabcdefghijkmnopqrstuvwxz
nl-acegijklmnoqruvwxyz nmabcdefghijklmnopqrstuvwxyz nn-abcdefghijklmnpqrstuvwxyz no-acdefghijklmnopqstuvwyz
npabghilnosuxy nqgklmnoqty nr-abcefgiklmnprtuxz nsabcdefghiklmnopqrstuvwxyz ntdegijkmoprsuwxyz
nuabcdefghijklmnopqrstuvwxyz nv-hmo nwabcegimorwxy nxadegiklmnoqrux ny-bcdefghijklmnopqrstuvwxy nzabdikmrsuyz oaackrv
obiklmortu oc-ahmou odaktu ofosu ogbcegou ohtu oiaen oj-bcgpsvw okabcdeghijklmnorsuvxz oladekmortu
om-abcegiklnopqrtuvwxy onabegijknoprstuwx oodgnrs opakmoty or-aceghnorstuvwxyz os-acinoptux otabdeiklmnoqrstuwxyz
ouabeimn ovd owil oybdmy ozm pa-abcdefghiklmopqrstuvwxyz pbbcefghilmnoprstuvyz pcabcdefghijklmnprw pdacinotu
peabdefghijklmopqsvxyz pfael pgadgiklnsuyz phadghijklmnoqrtuvw pi-abcdefghijlmnoprstuvwxyz pjt pkabcghnoprstu
pl-abcdefghjklnopqrstuvwyz pmabcdefhijklmnoqrstuwxyz pnabcdeghijklmnopqrstuvwxyz pocdefghikmnopqstvwxyz ppaeiklmnopqrstu
pqaemw prabcdefghiklmnopqrstuwxyz ps-acdeghilmnopqrstuwy pt-ahinopqrtuvwy puabcdefgijkmopqrtuwxyz pwabgimnorw pxm
pyemnsuxy pzehn qaabcdefghijklmnopqrstuvwxyz qbabcdefghijklmnopqrstuvwxyz qcabcdefghijklmnopqrstuvwxyz
qdabcdefghijklmnopqrstuvwxyz qeabcdefghijklmnopqrstuvwxyz qfabcdefghijklmnopqrstuvwxyz qgabcdefghijklmnopqrstuvwxyz
qhabcdefghijklmnopqrstuvwxyz qiabcdefghijklmnopqrstuvwxyz qjabcdefghijklmnopqrstuvwxyz qkabcdefghijklmnopqrstuvwxyz
qlabcdefghijklmnopqrstuvwxyz qmabcdefghijklmnopqrstuvwxyz qnabcdefghijklmnopqrstuvwxyz qoabcdefghijklmnopqrstuvwxyz
qpabcdefghijklmnopqrstuvwxyz qqabcdefghijklmnopqrstuvwxyz qrabcdefghijklmnopqrstuvwxyz qsabcdefghijklmnopqrstuvwxyz
qtabcdefghijklmnopqrstuvwxyz qu-abcdfghiklmnpqrsvwxyz qvacehijlmnopswyz qwacehmst qxachlnopqrstuw qyap
raabcdfghijklmnopqrstuvwxyz rbbklp rcf rdb reabegijlmnrsty rgaeknrsu rhgp riabeflmnrtu rjgis rkabhimtw
rm-abcdefghiklmnopqrstuvwxyz rn-abdglnprw ro-abcdefglmopruw rpnt rrimot rsbiklmnw rtchmsw ru-bcefghikopqtuyz rw-aklmor
rxdw rynsu rzh sa-abcdefhijklmopqrstuvwxyz sbabcdefghijklmnopqrstuvwxyz sc-abefghiklnopqstuvwx sd-abcefghjklmnopqrstuvxz
se-abcdefghijklmnopqrstuvwyz sfbemsw sg-abcdeghijklmnoprstuwxyz sh-abcdeghijklmnopqrstuvwxyz si-abdefghijklmopqrstuvwxyz
sjabcdegklmnoprstuw sk-abcdefghijkmnopqrstuvwxyz sl-acdefghijlmnpqrstuwxyz sm-abcdfghijklmnpqrstuvwxyz
sn-bcefghijklmnopqrsuvwxyz so-abcdeghijklnopqrsuvwxyz spbcdegiklmnopqrstuvxy sq-ahjkmnoqrstux sr-abcefghiklmnoqrstuvwxyz
ss-abcdefghijklmnopqrstuvxyz st-abdefghijklmnopqrstuvwy su-abcegijklmoqrstvwxyz sv-abcekmrsx sw-bcfghijklmnopqrstuvwxy
sxbcegklmnorsuw syabcdiklmnorswxy szabcdeglnpsvwy ta-abcdefgijklnopqrsuvwxyz tbabcdefghijklmnopqrstuvwxyz
tcabcdefghiklmnopqstuwxyz tdabcdefghijklmnoqrstuvxy te-abcdefghikmnopqrstuvwxyz tfinort tg-abcdefghijnopqrstuvwxyz
th-cdefhiklmnpqrstuvwxyz ti-acdefghijklmnopqstuvwxyz tjagijlmnopsuw tk-abdefgklmnpqrstuvwxz tl-abcdfghijklmnopqrstuvwxy
tmabcdefghijklmnopqrstuvwyz tn-abcdefghiklmnopqrstuvwxyz to-bcdefghijklmopqrsuvwxyz tpacefgijklmnopqrtuvwxyz
tqblmnopqrtuw tr-abcdefghijklmnopqrstuvwxyz ts-abcdefghijklmpqrstuvwxyz tt-abcdefghijklmnopqrstuvwyz
tuabcdefghijlmnopqstuvwxyz tvadeiklmnostuwxy tw-abcdefghlmnopqrtuwxy txabceghijmnoqrstuxy ty-aehijlnprstuvxyz tzahjlmnox
uamnr ubailruy udaegijlmu ues ufi ug-abehnoy uhan uisv uji uk-aghiklpqsuvwy ulabcefiklmnuwy umabcdgimnoprsu
unadegikmnpruxz uokn upiv ur-abcefghijklmnoprtuvwxyz usahikpsu utaehpru uumnru uvehl uwa uya uz-ns vaaefghijlmnoprsuvy
vbbk ve-cdlmopr vgrt vi-cdfglnstv vjk vkaijklmnoptuz vlps vmabcdefghijklmpqrsuvwxyz vnkmp vo-rt vraost vsilnv vto vumnt
vwa wa-abcdefghijklmnopqrstuvwxyz wbabefhijklmpqrstvw wcai wddgjktuy weacdghimnoprstuw wfg wgabgiouwy whagku
wibcefghijklmnrtuvwy wjai wkabdlruwy wlaceghiklmorsuvwxy wmabcdeghimnostwx wnbcdegikmnopuwy wo-abcdefgikmnorswy wpc
wrabdghiklmnoprsuvwxyz wsagikrsuv wtbfhikmw wuabdhlmnrtuvxy wwaborw wxaw wyabimnry xaabcdegijklmnopqrstuvwy
xbabcdegijmnoprwxy xcbceghlmnortuvwy xdackmoqy xebdglmprstu xfa xgabdfgilmnruw xh-acdemrtuv xiabilnprsvy xjbt
xkabcdefghijklnopqrstuvwxyz xlabcdeginopsuy xmabcdefghjklmnopqrstuvwxyz xnabdghijkmnoqrstuyz xocdgikmnoprw
xpabcdefghijklmnopqrstuvwxyz xqat xrabdegimnqrtuw xsabcdehijlmnopqrsuvy xtabcdeghijlmnopqrstuvwyz xuabdgjlmnoprtu
xveinos xwacdegjklortw xxbkmrt xyabjklty xzhmp yaabcdefghijklmnopqrstuvwxyz ybabdehijklmnoxy ychlnpr ydadegks
yeaceijlnrstuvy ygailmprsuw yhadls yi-afghijklmnpqrstuvxyz ykaghiklmnortuy ylabegilmnoruy ymabcdeghiklmnopqrstxz
ynabdeghklnoqsu yo-bgiklmnstxy ypabghkmnopz yrabeiklmnoswy yscdglmnoprsy ytalpwy yuabcdefgijklmnpqrtuwxyz yvat
ywaglnqrtuw yxaglmuy yyruz yzgk za-abcdefghijklmopqrstuvwxyz zbaceltuw zcadh zdj zeaghmn zgabhmnr zh-bdinwx ziabklmnrwz
zkabdghknoprtuvz zlaejmnqsuw zmabcdefghijklmnopqrstuvwxyz znadegks zochmoqrs zpabcdefghijklmnopqrstuvwxyz zqe zragnops
zsaklmru zteglmnpqstuxy zu-ahmny zwa zxx zybgjnp zzaj
"""
"""Two letters, and the third letters that follow them."""

EXTENDED_LANGUAGES = """
ar-aao ar-abh ar-abv ar-acm ar-acq ar-acw ar-acx ar-acy ar-adf ar-aeb ar-aec ar-afb ar-ajp ar-apc ar-apd ar-arb ar-arq
ar-ars ar-ary ar-arz ar-auz ar-avl ar-ayh ar-ayl ar-ayn ar-ayp ar-bbz ar-pga ar-shu ar-ssh kok-gom kok-knn lv-ltg lv-lvs
ms-bjn ms-btj ms-bve ms-bvu ms-coa ms-dup ms-hji ms-jak ms-jax ms-kvb ms-kvr ms-kxd ms-lce ms-lcf ms-liw ms-max ms-meo
ms-mfa ms-mfb ms-min ms-mqg ms-msi ms-mui ms-orn ms-ors ms-pel ms-pse ms-tmw ms-urk ms-vkk ms-vkt ms-xmm ms-zlm ms-zmi
ms-zsm sgn-ads sgn-aed sgn-aen sgn-afg sgn-ajs sgn-ase sgn-asf sgn-asp sgn-asq sgn-asw sgn-bfi sgn-bfk sgn-bog sgn-bqn
sgn-bqy sgn-bvl sgn-bzs sgn-cds sgn-csc sgn-csd sgn-cse sgn-csf sgn-csg sgn-csl sgn-csn sgn-csq sgn-csr sgn-csx sgn-doq
sgn-dse sgn-dsl sgn-dsz sgn-ecs sgn-ehs sgn-esl sgn-esn sgn-eso sgn-eth sgn-fcs sgn-fse sgn-fsl sgn-fss sgn-gds sgn-gse
sgn-gsg sgn-gsm sgn-gss sgn-gus sgn-hab sgn-haf sgn-hds sgn-hks sgn-hos sgn-hps sgn-hsh sgn-hsl sgn-icl sgn-iks sgn-ils
sgn-inl sgn-ins sgn-ise sgn-isg sgn-isr sgn-jcs sgn-jhs sgn-jks sgn-jls sgn-jos sgn-jsl sgn-jus sgn-kgi sgn-kvk sgn-lbs
sgn-lgs sgn-lls sgn-lsb sgn-lsc sgn-lsg sgn-lsl sgn-lsn sgn-lso sgn-lsp sgn-lst sgn-lsv sgn-lsw sgn-lsy sgn-lws sgn-mdl
sgn-mfs sgn-mre sgn-msd sgn-msr sgn-mzc sgn-mzg sgn-mzy sgn-nbs sgn-ncs sgn-nsi sgn-nsl sgn-nsp sgn-nsr sgn-nzs sgn-okl
sgn-pgz sgn-pks sgn-prl sgn-prz sgn-psc sgn-psd sgn-psg sgn-psl sgn-pso sgn-psp sgn-psr sgn-pys sgn-rib sgn-rms sgn-rnb
sgn-rsi sgn-rsl sgn-rsm sgn-rsn sgn-sdl sgn-sfb sgn-sfs sgn-sgg sgn-sgx sgn-slf sgn-sls sgn-sqk sgn-sqs sgn-sqx sgn-ssp
sgn-ssr sgn-svk sgn-swl sgn-syy sgn-szs sgn-tse sgn-tsm sgn-tsq sgn-tss sgn-tsy sgn-tza sgn-ugn sgn-ugy sgn-ukl sgn-uks
sgn-vgt sgn-vsi sgn-vsl sgn-vsv sgn-wbs sgn-xki sgn-xml sgn-xms sgn-yds sgn-ygs sgn-yhs sgn-ysl sgn-ysm sgn-zib sgn-zsl
sw-swc sw-swh uz-uzn uz-uzs zh-cdo zh-cjy zh-cmn zh-cnp zh-cpx zh-csp zh-czh zh-czo zh-gan zh-hak zh-hnm zh-hsn zh-luh
zh-lzh zh-mnp zh-nan zh-sjc zh-wuu zh-yue
"""
"""Each after the language that it belongs to."""

SCRIPTS = """
Adlm Afak Aghb Ahom Arab Aran Armi Armn Avst Bali Bamu Bass Batk Beng Berf Bhks Blis Bopo Brah Brai Bugi Buhd Cakm Cans
Cari Cham Cher Chis Chrs Cirt Copt Cpmn Cprt Cyrl Cyrs Deva Diak Dogr Dsrt Dupl Egyd Egyh Egyp Elba Elym Ethi Gara Geok
Geor Glag Gong Gonm Goth Gran Grek Gujr Gukh Guru Hanb Hang Hani Hano Hans Hant Hatr Hebr Hira Hluw Hmng Hmnp Hntl Hrkt
Hung Inds Ital Jamo Java Jpan Jurc Kali Kana Kawi Khar Khmr Khoj Kitl Kits Knda Kore Kpel Krai Kthi Lana Laoo Latf Latg
Latn Leke Lepc Limb Lina Linb Lisu Loma Lyci Lydi Mahj Maka Mand Mani Marc Maya Medf Mend Merc Mero Mlym Modi Mong Moon
Mroo Mtei Mult Mymr Nagm Nand Narb Nbat Newa Nkdb Nkgb Nkoo Nshu Ogam Olck Onao Orkh Orya Osge Osma Ougr Palm Pauc Pcun
Pelm Perm Phag Phli Phlp Phlv Phnx Piqd Plrd Prti Psin Qaaa Qaab Qaac Qaad Qaae Qaaf Qaag Qaah Qaai Qaaj Qaak Qaal Qaam
Qaan Qaao Qaap Qaaq Qaar Qaas Qaat Qaau Qaav Qaaw Qaax Qaay Qaaz Qaba Qabb Qabc Qabd Qabe Qabf Qabg Qabh Qabi Qabj Qabk
Qabl Qabm Qabn Qabo Qabp Qabq Qabr Qabs Qabt Qabu Qabv Qabw Qabx Ranj Rjng Rohg Roro Runr Samr Sara Sarb Saur Seal Sgnw
Shaw Shrd Shui Sidd Sidt Sind Sinh Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Syre Syrj Syrn Tagb Takr Tale Talu Taml Tang
Tavt Tayo Telu Teng Tfng Tglg Thaa Thai Tibt Tirh Tnsa Todr Tols Toto Tutg Ugar Vaii Visp Vith Wara Wcho Wole Xpeo Xsux
Yezi Yiii Zanb Zinh Zmth Zsye Zsym Zxxx Zyyy Zzzz
"""

REGIONS = """
AA AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BU BV BW BY
BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU
EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO
IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM
MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NT NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA QM QN QO QP QQ QR QS QT QU QV QW QX QY QZ RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SU SV
SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XA XB XC
XD XE XF XG XH XI XJ XK XL XM XN XO XP XQ XR XS XT XU XV XW XX XY XZ YD YE YT YU ZA ZM ZR ZW ZZ 001 002 003 005 009 011
013 014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145 150 151 154 155 202 419
"""

VARIANTS = """
1606nict 1694acad 1901 1959acad 1994 1996 abl1943 akhmimic akuapem alalc97 aluku anpezo ao1990 aranes arevela arevmda
arkaika asante auvern baku1926 balanka barla basiceng bauddha bciav bcizbl biscayan biske blasl bohairic bohoric boont
bornholm cisaup colb1945 cornu creiss dajnko ekavsk emodeng fascia fayyumic fodom fonipa fonkirsh fonnapa fonupa
fonxsamp gallo gascon gherd grclass grital grmistr hanoi hepburn heploc hognorsk hsistemo huett ijekavsk itihasa
ivanchov jauer jyutping kkcor kleinsch kociewie kscor laukika leidentr lemosin lengadoc lipaw ltg1929 ltg2007 luna1918
lycopol mdcegyp mdctrans mesokem metelko monoton ndyuka nedis newfound nicard njiva nulik osojs oxendict pahawh2 pahawh3
pahawh4 pamaka peano pehoeji petr1708 pinyin polyton provenc puter rigik rozaj rumgr sahidic saigon scotland scouse
simple solba sotav spanglis surmiran sursilv sutsilv synnejyl tailo tarask tongyong tunumiit uccor ucrcor ulster unifon
vaidika valbadia valencia vallader vecdruka viennese vivaraup wadegile xsistemo
"""

REPLACED = """
art-lojban=jbo en-gb-oed=en-GB-oxendict i-ami=ami i-bnn=bnn i-hak=hak i-klingon=tlh i-lux=lb i-navajo=nv i-pwn=pwn
i-tao=tao i-tay=tay i-tsu=tsu no-bok=nb no-nyn=nn sgn-be-fr=sfb sgn-be-nl=vgt sgn-ch-de=sgg zh-guoyu=cmn zh-hakka=hak
zh-min-nan=nan zh-xiang=hsn
"""
"""Whole tags that are written so now."""
