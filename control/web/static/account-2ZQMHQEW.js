import{A as Oe,B as Ne,C as Me,D as Ae,E as He,Ea as Xe,F as We,G as Ie,H as Be,I as Qe,J as je,K as Ue,L as Ke,M as Q,N as s,O as ze,Pa as Ee,Q as u,Qa as h,Ra as G,S as i,Sa as fe,T as n,Ta as ve,U as d,V as j,W as ce,X as l,Y as T,_ as m,aa as $,ba as f,c as Re,ca as F,da as re,ea as Te,fa as Ge,ga as w,ha as ue,ia as U,ka as K,la as v,ma as he,oa as z,p as Se,pa as ye,ra as L,sa as y,t as _e,ta as Je,u as Fe,v as Le,va as Ve,w as De,x as Ye,y as Ce,z as qe}from"./chunk-WMGVGG6D.js";import{a as r,b as t,c as a,e as p}from"./chunk-SSTONQ5Q.js";var ct={owner:"Owner",admin:"Admin",member:"Member"},J,V,Ze,Pe,A=class extends i{constructor(){super(...arguments);a(this,V);a(this,J,new f(this,async e=>z(this,await Se(String(e.get("tenant"))))))}render(){return v("companies","Companies","Each has rooms, agents and members of its own. You leave the one that you work in.",s`
      <div class="panel">
        ${t(this,J).banner()}
        <ul class="rows">${this.account.tenants.map(e=>p(this,V,Ze).call(this,e))}</ul>
      </div>`)}};J=new WeakMap,V=new WeakSet,Ze=function(e){let o=e.id===this.session.tenant.id;return s`<li>
      <div class="what"><span class="name">${e.name} ${o?s`<span class="tag on">you are here</span>`:u}</span>
        <span class="meta">${ct[e.role]??e.role}</span></div>
      <div class="do">${o?s`<button class="button quiet small harm" @click=${()=>p(this,V,Pe).call(this,e)}>Leave<span class="visually-hidden"> ${e.name}</span></button>`:s`<form @submit=${t(this,J).submit}><input type="hidden" name="tenant" value=${e.id}>
            <button class="button quiet small" ?disabled=${t(this,J).busy}>Work there<span class="visually-hidden"> (${e.name})</span></button></form>`}</div>
    </li>`},Pe=async function(e){await w({heading:`Leave ${e.name}?`,text:"You lose its rooms and transcripts at once, and are signed out. Only an invitation brings you back.",action:"Leave",isDangerous:!0,run:()=>Ke(this.session.identity)})&&(y(`You have left ${e.name}.`),ye(this))},A.styles=[l,m,h],r([d({attribute:!1})],A.prototype,"account",2),r([d({attribute:!1})],A.prototype,"session",2),A=r([n("parley-companies")],A);var be,X=class extends i{constructor(){super(...arguments);a(this,be,async()=>{let{email:e}=this.account.user;await w({heading:"Erase your account?",text:"This cannot be taken back, by nobody. Companies that you alone own have to be handed over or deleted first.",action:"Erase for good",isDangerous:!0,typed:{label:`Type ${e}`,value:e},run:()=>De(e)})&&(y("Your account is erased."),ye(this))})}render(){return v("erase","Erase your account","Your account, and what you said and wrote in every company, is removed for good. Transcripts keep the gap, not the words.",s`
      <div class="panel"><div class="actions"><button class="button harm" @click=${t(this,be)}>Erase my account…</button></div></div>`)}};be=new WeakMap,X.styles=[l,m,h],r([d({attribute:!1})],X.prototype,"account",2),X=r([n("parley-erase")],X);var D,E,P,et,tt,Z=class extends i{constructor(){super(...arguments);a(this,P);this.app=null;a(this,D,new f(this,async e=>{this.app=await qe(F(e,"name")),await this.updateComplete,ue(this)}));a(this,E,new f(this,async e=>{if(this.app===null)return;let{recovery_codes:o}=await Oe(this.app.id,F(e,"code"));this.dispatchEvent(new CustomEvent("added",{detail:o}))}))}render(){return s`<parley-dialog heading="Add an authenticator app" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      ${this.app===null?p(this,P,et).call(this):p(this,P,tt).call(this,this.app)}
    </parley-dialog>`}};D=new WeakMap,E=new WeakMap,P=new WeakSet,et=function(){return s`<form novalidate @submit=${t(this,D).submit}>
      ${t(this,D).banner()}
      ${t(this,D).field({id:"name",label:"Name",hint:"So that you know it again, such as the phone that it is on."},s`
        <input id="name" name="name" autocomplete="off" maxlength="60" required autofocus .value=${"Authenticator app"} @input=${t(this,D).edited}>`)}
      <button class="button primary large wide" ?disabled=${t(this,D).busy}>Continue</button>
    </form>`},tt=function(e){return s`<form novalidate @submit=${t(this,E).submit}>
      ${t(this,E).banner()}
      <p class="muted">Scan this with the app, or type the secret into it.</p>
      ${ut(e.qr)}
      <p class="secret" aria-label="Secret">${ht(e.secret)}</p>
      ${t(this,E).field({id:"code",label:"Code",hint:"The six digits that the app shows now."},s`
        <input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required autofocus @input=${t(this,E).edited}>`)}
      <button class="button primary large wide" ?disabled=${t(this,E).busy}>${t(this,E).busy?"One moment…":"Add the app"}</button>
    </form>`},Z.styles=[l,m,$,Q`
    form { display: grid; gap: 1.1rem; }
    .qr { width: min(13rem, 100%); margin: 0 auto; border-radius: var(--radius-m); background: #fff; }
    .qr path { fill: #0b110f; }
    .secret { padding: 0.6rem 0.8rem; border-radius: var(--radius-m); background: var(--sunken); text-align: center; overflow-wrap: anywhere; user-select: all; font: 500 0.95rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    .code { font-variant-numeric: tabular-nums; letter-spacing: 0.12em; }
  `],r([j()],Z.prototype,"app",2),Z=r([n("parley-add-app")],Z);function ut(c){return s`<svg class="qr" role="img" aria-label="QR code of the secret below" viewBox="0 0 ${c.side} ${c.side}" shape-rendering="crispEdges">${ze`<path d=${c.path}/>`}</svg>`}function ht(c){return c.match(/.{1,4}/g)?.join(" ")??c}var x,ae=class extends i{constructor(){super(...arguments);a(this,x,new f(this,async e=>{let{ticket:o,options:b}=await Ne(),{recovery_codes:_}=await Me(o,F(e,"name"),await Ve(b));this.dispatchEvent(new CustomEvent("added",{detail:_}))}))}render(){return s`<parley-dialog heading="Add a passkey" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${t(this,x).submit}>
        ${t(this,x).banner()}
        <p class="muted">Your device, or your password manager, keeps it and asks for your finger, your face or a PIN. No other site can ask for it.</p>
        ${t(this,x).field({id:"name",label:"Name",hint:"So that you know it again."},s`
          <input id="name" name="name" autocomplete="off" maxlength="60" required autofocus .value=${ve(navigator.userAgent)} @input=${t(this,x).edited}>`)}
        <button class="button primary large wide" ?disabled=${t(this,x).busy}>${t(this,x).busy?"Your device asks you…":"Make the passkey"}</button>
      </form>
    </parley-dialog>`}};x=new WeakMap,ae.styles=[l,m,$,Q`form { display: grid; gap: 1.1rem; }`],ae=r([n("parley-add-passkey")],ae);var H=class extends i{constructor(){super(...arguments);this.codes=[]}render(){return s`<parley-dialog heading="Your recovery codes" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="all">
        <p class="muted">Keep them where you keep what matters, away from this device. Each lets you in once when your second factor is lost. They are not shown again.</p>
        <parley-secret label="Recovery codes" file="parley-recovery-codes.txt" .lines=${this.codes}></parley-secret>
        <button class="button primary large wide" @click=${()=>this.dialog.close()}>I have kept them</button>
      </div>
    </parley-dialog>`}};H.styles=[l,m,Q`.all { display: grid; gap: 1.1rem; }`],r([d({attribute:!1})],H.prototype,"codes",2),r([ce("parley-dialog")],H.prototype,"dialog",2),H=r([n("parley-codes")],H);var k,st,ot,rt,ee,ie,at,ge,Y=class extends i{constructor(){super(...arguments);a(this,k);this.hasPassword=!1;this.open={kind:"none"};a(this,ee,()=>{this.open={kind:"none"}});a(this,ie,e=>{this.open=e.detail===null?{kind:"none"}:{kind:"codes",codes:e.detail},y("The second factor is added."),L(this)});a(this,ge,async()=>{let e=[];await w({heading:"Make new recovery codes?",text:"The ones that you have kept stop working.",action:"Make new codes",run:async()=>{e=(await He()).recovery_codes}})&&(this.open={kind:"codes",codes:e},L(this))})}render(){let{data:e}=this.factors;return v("factors","Second factors","Whoever learns your password cannot come in without one of these. A passkey signs you in by itself.",s`
      <div class="panel">
        ${e.length===0?he("No second factor yet","Add a passkey, or an app that shows codes."):s`<ul class="rows">${e.map(o=>p(this,k,st).call(this,o))}</ul>`}
        <div class="actions">
          ${Je()?s`<button class="button" @click=${()=>this.open={kind:"passkey"}}>${T("plus",18)}Add a passkey</button>`:u}
          <button class="button" @click=${()=>this.open={kind:"app"}}>${T("plus",18)}Add an authenticator app</button>
        </div>
        ${e.length>0?p(this,k,ot).call(this):u}
      </div>
      ${p(this,k,rt).call(this)}`)}};k=new WeakSet,st=function(e){let o=e.last_used_at===null?"Not used yet":`Last used ${G(e.last_used_at)}`;return s`<li>
      <span class="lead">${T(e.kind==="passkey"?"passkey":"phone")}</span>
      <div class="what"><span class="name">${e.name}</span>
        <span class="meta">${e.kind==="passkey"?"Passkey":"Authenticator app"} · added ${fe(e.created_at)} · ${o}</span></div>
      <div class="do"><button class="button quiet small harm" @click=${()=>p(this,k,at).call(this,e)}>Remove<span class="visually-hidden"> ${e.name}</span></button></div>
    </li>`},ot=function(){let e=this.factors.recovery_codes_left;return s`<ul class="rows below"><li>
      <span class="lead">${T("key")}</span>
      <div class="what"><span class="name">Recovery codes ${e===0?s`<span class="tag off">none left</span>`:u}</span>
        <span class="meta">${Re(e,"code")} left. Each lets you in once in place of a factor.</span></div>
      <div class="do"><button class="button quiet small" @click=${t(this,ge)}>Make new ones</button></div>
    </li></ul>`},rt=function(){switch(this.open.kind){case"app":return s`<parley-add-app @closed=${t(this,ee)} @added=${t(this,ie)}></parley-add-app>`;case"passkey":return s`<parley-add-passkey @closed=${t(this,ee)} @added=${t(this,ie)}></parley-add-passkey>`;case"codes":return s`<parley-codes .codes=${this.open.codes} @closed=${t(this,ee)}></parley-codes>`;case"none":return u}},ee=new WeakMap,ie=new WeakMap,at=async function(e){let o=this.factors.data.length===1,b=o&&this.hasPassword;await w({heading:`Remove “${e.name}”?`,text:o?"It is your last second factor: from then on your password alone lets you in, and your recovery codes are gone. Your other sessions end.":"You cannot prove yourself by it any more. Your other sessions end.",action:"Remove",isDangerous:!0,...b?{password:{label:"Your password",hint:"It will stand alone, so it has to be long enough for that."}}:{},run:B=>Ae(e.id,b?re(B,"password"):null)})&&(y("The second factor is removed."),L(this),await U(this))},ge=new WeakMap,Y.styles=[l,m,h],r([d({attribute:!1})],Y.prototype,"factors",2),r([d({type:Boolean})],Y.prototype,"hasPassword",2),r([j()],Y.prototype,"open",2),Y=r([n("parley-factors")],Y);var te,se,C,it,nt,lt,ne=class extends i{constructor(){super(...arguments);a(this,C);a(this,te,new K(this,async()=>{let[e,o]=await Promise.all([Qe(),Xe()]);return{connected:e,offered:o}}));a(this,se,new f(this,async e=>{location.assign((await je(String(e.get("provider")))).url)}))}render(){let{value:e}=t(this,te);return e!==null&&e.offered.length===0&&e.connected.length===0?u:v("identities","Connected accounts","Sign in by an account that you have elsewhere.",s`
      <div class="panel">${t(this,te).render(({connected:o,offered:b})=>s`
        ${t(this,se).banner()}
        ${o.length===0?he("Nothing connected","Connect an account to sign in with it."):s`<ul class="rows">${o.map(_=>p(this,C,it).call(this,_))}</ul>`}
        ${p(this,C,nt).call(this,b.filter(({name:_})=>!o.some(({provider:B})=>B===_)))}
      `)}</div>`)}};te=new WeakMap,se=new WeakMap,C=new WeakSet,it=function(e){let o=e.last_used_at===null?"not used yet":`last used ${G(e.last_used_at)}`;return s`<li>
      <div class="what"><span class="name">${e.label}</span>
        <span class="meta">${e.email?`${e.email} · `:""}connected ${fe(e.created_at)} · ${o}</span></div>
      <div class="do"><button class="button quiet small harm" @click=${()=>p(this,C,lt).call(this,e)}>Disconnect<span class="visually-hidden"> ${e.label}</span></button></div>
    </li>`},nt=function(e){return e.length===0?u:s`<div class="actions">${e.map(({name:o,label:b})=>s`
      <form @submit=${t(this,se).submit}><input type="hidden" name="provider" value=${o}>
        <button class="button" ?disabled=${t(this,se).busy}>${T("link",18)}Connect ${b}</button></form>`)}</div>`},lt=async function(e){await w({heading:`Disconnect ${e.label}?`,text:"You cannot come in by it any more.",action:"Disconnect",isDangerous:!0,run:()=>Ue(e.id)})&&(y(`${e.label} is disconnected.`),await t(this,te).reload(),await U(this))},ne.styles=[l,m,h],ne=r([n("parley-identities")],ne);var O,we,le,q=class extends i{constructor(){super(...arguments);this.hasFactor=!1;a(this,O,new f(this,async e=>{let o=await Ye(re(e,"new_password"),e.has("current_password")?re(e,"current_password"):null);this.formElement.reset(),t(this,le).reset(),y("Your password is changed. Your other sessions have ended."),z(this,o),L(this)}));a(this,we,new Te(this,()=>t(this,O)));a(this,le,new Te(this,()=>t(this,O)))}render(){let e=this.account.has_password,o=this.hasFactor?8:15;return v("password-part","Password",e?"Changing it signs you out everywhere else.":"You have none yet: you come in by an identity provider or a passkey.",s`
      <form class="panel" novalidate @submit=${t(this,O).submit}>
        ${t(this,O).banner()}
        <input name="username" autocomplete="username" .value=${this.account.user.email} readonly hidden>
        ${e?t(this,we).render({id:"current_password",label:"Current password"}):u}
        ${t(this,le).render({id:"new_password",label:"New password",atLeast:o})}
        <div class="actions"><button class="button" ?disabled=${t(this,O).busy}>${e?"Change password":"Set password"}</button></div>
      </form>`)}};O=new WeakMap,we=new WeakMap,le=new WeakMap,q.styles=[l,m,$,Ge,h],r([d({attribute:!1})],q.prototype,"account",2),r([d({type:Boolean})],q.prototype,"hasFactor",2),r([ce("form")],q.prototype,"formElement",2),q=r([n("parley-own-password")],q);var R=class extends i{constructor(){super(...arguments);this.deployment=null;this.awaited=""}render(){return v("who","You","Others see your name in meetings and among the members. You sign in with your e-mail address.",s`
      <div class="panel">
        <parley-rename .account=${this.account} .session=${this.session}></parley-rename>
        <parley-change-email .account=${this.account} @sent=${e=>this.awaited=e.detail}></parley-change-email>
        ${this.awaited?s`<parley-banner>A letter is on its way to ${this.awaited}. Until its link is followed, your address stays as it is.
          ${this.deployment?.mail_dir?s` On this machine letters are files in <code>${this.deployment.mail_dir}</code>`:u}</parley-banner>`:u}
      </div>`)}};R.styles=[l,m,$,h],r([d({attribute:!1})],R.prototype,"account",2),r([d({attribute:!1})],R.prototype,"session",2),r([d({attribute:!1})],R.prototype,"deployment",2),r([j()],R.prototype,"awaited",2),R=r([n("parley-profile")],R);var N,W=class extends i{constructor(){super(...arguments);a(this,N,new f(this,async e=>{let o=F(e,"name");await Fe(o),y("Your name is changed."),z(this,{...this.session,name:o}),L(this)}))}render(){return s`<form class="stack" novalidate @submit=${t(this,N).submit}>
      ${t(this,N).banner()}
      <div class="line">
        ${t(this,N).field({id:"name",label:"Name"},s`<input id="name" name="name" autocomplete="name" maxlength="60" required .value=${this.account.user.name} @input=${t(this,N).edited}>`)}
        <button class="button" ?disabled=${t(this,N).busy}>Save<span class="visually-hidden"> name</span></button>
      </div>
    </form>`}};N=new WeakMap,W.styles=[l,m,$,h,Ee],r([d({attribute:!1})],W.prototype,"account",2),r([d({attribute:!1})],W.prototype,"session",2),W=r([n("parley-rename")],W);var M,oe=class extends i{constructor(){super(...arguments);a(this,M,new f(this,async e=>{let o=F(e,"email");if(o.toLowerCase()===this.account.user.email)return y("This is your address already.");await Le(o),this.dispatchEvent(new CustomEvent("sent",{detail:o}))}))}render(){return s`<form class="stack" novalidate @submit=${t(this,M).submit}>
      ${t(this,M).banner()}
      <div class="line">
        ${t(this,M).field({id:"email",label:"E-mail"},s`<input id="email" name="email" type="email" inputmode="email" autocomplete="email" maxlength="320" required .value=${this.account.user.email} @input=${t(this,M).edited}>`)}
        <button class="button" ?disabled=${t(this,M).busy}>Change<span class="visually-hidden"> e-mail</span></button>
      </div>
    </form>`}};M=new WeakMap,oe.styles=[l,m,$,h,Ee],r([d({attribute:!1})],oe.prototype,"account",2),oe=r([n("parley-change-email")],oe);var vt={password:"password",totp:"app code",recovery_code:"recovery code",passkey:"passkey",oidc:"identity provider"},de,S,mt,dt,$e,xe,me=class extends i{constructor(){super(...arguments);a(this,S);a(this,de,new K(this,We));a(this,$e,async()=>{await w({heading:"Sign out everywhere else?",text:"Every session of yours but this one ends.",action:"Sign out everywhere else",isDangerous:!0,run:Be})&&await p(this,S,xe).call(this,"You are signed out everywhere else.")})}render(){return v("sessions","Sessions","Where you are signed in. End what you do not know, then change your password.",s`
      <div class="panel">${t(this,de).render(e=>s`
        <ul class="rows">${e.map(o=>p(this,S,mt).call(this,o))}</ul>
        ${e.length>1?s`<div class="actions"><button class="button" @click=${t(this,$e)}>Sign out everywhere else</button></div>`:u}
      `)}</div>`)}};de=new WeakMap,S=new WeakSet,mt=function(e){let o=ve(e.user_agent),b=e.methods.map(B=>vt[B]??B).join(" and "),_=[e.tenant.name,e.address,b&&`by ${b}`,e.is_current?null:`seen ${G(e.last_seen_at)}`];return s`<li>
      <span class="lead">${T("device")}</span>
      <div class="what"><span class="name">${o} ${e.is_current?s`<span class="tag on">this one</span>`:u}</span>
        <span class="meta">${_.filter(Boolean).join(" · ")}</span></div>
      ${e.is_current?u:s`<div class="do"><button class="button quiet small harm" @click=${()=>p(this,S,dt).call(this,e,o)}>End<span class="visually-hidden"> ${o}</span></button></div>`}
    </li>`},dt=async function(e,o){await w({heading:`End ${o}?`,text:"Whoever uses it has to sign in again.",action:"End the session",isDangerous:!0,run:()=>Ie(e.id)})&&await p(this,S,xe).call(this,"The session has ended.")},$e=new WeakMap,xe=async function(e){y(e),await t(this,de).reload(),await U(this)},me.styles=[l,m,h],me=r([n("parley-sessions")],me);var pe,ke,pt,I=class extends i{constructor(){super();a(this,ke);this.deployment=null;a(this,pe,new K(this,async()=>{let[e,o]=await Promise.all([_e(),Ce()]);return{own:e,guards:o}}));this.addEventListener("changed",()=>{t(this,pe).reload()})}firstUpdated(){ue(this)}render(){return s`<parley-shell .session=${this.session} place="account">
      <div class="top"><h1 tabindex="-1" autofocus>Account</h1><p class="muted">Who you are here, how you prove it, and where you are signed in.</p></div>
      ${t(this,pe).render(({own:e,guards:o})=>p(this,ke,pt).call(this,e,o))}
    </parley-shell>`}};pe=new WeakMap,ke=new WeakSet,pt=function(e,o){return s`
      <parley-profile .account=${e} .session=${this.session} .deployment=${this.deployment}></parley-profile>
      <parley-own-password .account=${e} .hasFactor=${o.data.length>0}></parley-own-password>
      <parley-factors .factors=${o} .hasPassword=${e.has_password}></parley-factors>
      <parley-identities></parley-identities>
      <parley-sessions></parley-sessions>
      <parley-companies .account=${e} .session=${this.session}></parley-companies>
      <parley-erase .account=${e}></parley-erase>
    `},I.styles=[l,m,h],r([d({attribute:!1})],I.prototype,"session",2),r([d({attribute:!1})],I.prototype,"deployment",2),I=r([n("parley-account")],I);export{I as AccountPage};
