import{Ea as ce,Fa as ae,Ga as Ie,Ha as He,Ia as Ue,Ja as Ne,Ka as We,La as Be,M as Le,Ma as Je,N as r,Na as je,Oa as v,Q as b,S as c,T as h,U as n,V as g,W as Me,X as u,Y as J,_ as f,a as X,aa as w,b as Pe,ba as d,ca as y,da as S,ea as Y,fa as D,ha as k,ia as O,j as Ce,k as Ae,ka as pe,l as Ee,m as xe,n as Oe,oa as q,pa as De,q as _e,ta as oe,ua as qe,wa as ie}from"./chunk-FVPGIGW7.js";import{a as o,b as t,c as a,e as i,f as Se,g as Ye}from"./chunk-SSTONQ5Q.js";var Z=r`
  <div class="pitch">
    <parley-orb state="listening"></parley-orb>
    <h1>A teammate in the room.</h1>
    <p>Parley listens, reads what you type and looks at the screen you share. It answers by voice and in writing, and keeps one transcript of it all.</p>
  </div>
`;var _,G,ze,Qe,I=class extends c{constructor(){super(...arguments);a(this,G);this.code="";this.invitation=null;this.trouble="";a(this,_,new d(this,async e=>{let s=y(e,"name"),m=await Oe(this.code,s);Se("name",s),q(this,m)}))}firstUpdated(){k(this)}render(){return r`<parley-frame><div class="welcome">
      ${Z}
      <section class="card" aria-labelledby="title">${this.invitation?i(this,G,ze).call(this,this.invitation):i(this,G,Qe).call(this)}</section>
    </div></parley-frame>`}};_=new WeakMap,G=new WeakSet,ze=function(e){return r`
      <header>
        <h2 id="title">You are invited to “${e.room_name}”</h2>
        <p class="muted">by ${e.tenant_name}. No account is needed.</p>
      </header>
      <form class="stack" novalidate @submit=${t(this,_).submit}>
        ${t(this,_).banner()}
        ${t(this,_).field({id:"name",label:"Your name",hint:"Others see it, and the transcript keeps it."},r`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${Ye("name")??""} @input=${t(this,_).edited}>`)}
        <button class="button primary large wide" ?disabled=${t(this,_).busy}>${t(this,_).busy?"One moment…":"Continue"}</button>
      </form>
    `},Qe=function(){return r`
      <header><h2 id="title">This invitation cannot be used</h2></header>
      <div class="stack">
        <p>${this.trouble||"It may have expired."} Ask for a new link, or sign in.</p>
        <a class="button large wide" href="/">Go to sign-in</a>
      </div>
    `},I.styles=[u,f,w,v],o([n()],I.prototype,"code",2),o([n({attribute:!1})],I.prototype,"invitation",2),o([n()],I.prototype,"trouble",2),I=o([h("parley-guest")],I);var vt={passkey:"Use a passkey",totp:"Use an authenticator app",recovery_code:"Use a recovery code"},A,p,Re,j,Ke,Ve,Xe,L=class extends c{constructor(){super(...arguments);a(this,p);this.methods=[];this.method=null;a(this,A,new d(this,async e=>{let s=t(this,p,j);await this.prove(s==="passkey"?await i(this,p,Xe).call(this):{method:s,code:y(e,"code")})}))}firstUpdated(){k(this)}render(){let e=t(this,p,Re).filter(m=>m!==t(this,p,j)),{busy:s}=t(this,A);return r`
      <form novalidate @submit=${t(this,A).submit}>
        ${t(this,A).banner()}
        ${t(this,p,j)==="passkey"?r`<p class="hint">${J("passkey",40)}Your device asks for your finger, your face or its PIN.</p>`:i(this,p,Ke).call(this,t(this,p,j)==="totp")}
        <button class="button primary large wide" ?autofocus=${t(this,p,j)==="passkey"} ?disabled=${s}>${s?"One moment…":t(this,p,j)==="passkey"?"Continue with a passkey":"Continue"}</button>
      </form>
      ${e.length>0?r`<div class="others">${e.map(m=>r`
        <button type="button" class="button quiet" @click=${()=>i(this,p,Ve).call(this,m)}>${vt[m]}</button>`)}</div>`:b}
    `}};A=new WeakMap,p=new WeakSet,Re=function(){return this.methods.filter(e=>e!=="passkey"||oe())},j=function(){return this.method??t(this,p,Re)[0]??"recovery_code"},Ke=function(e){return e?t(this,A).field({id:"code",label:"Code",hint:"Six digits from your authenticator app."},r`
          <input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required autofocus data-again @input=${t(this,A).edited}>`):t(this,A).field({id:"code",label:"Recovery code",hint:"One of the codes that you kept. Each works once."},r`
          <input id="code" name="code" class="code" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required autofocus data-again @input=${t(this,A).edited}>`)},Ve=async function(e){this.method=e,t(this,A).clear(),await this.updateComplete,k(this)},Xe=async function(){let{ticket:e,options:s}=await ae(this.ticket);return{method:"passkey",ticket:e,credential:await ie(s)}},L.styles=[u,f,w,Le`
    :host, form, .others { display: grid; gap: 1.1rem; }
    .others { gap: 0.25rem; justify-items: center; }
    .code { font-variant-numeric: tabular-nums; letter-spacing: 0.12em; }
    .hint { display: grid; justify-items: center; gap: 0.6rem; padding: 0.5rem 0; text-align: center; color: var(--ink-2); }
    .hint svg { color: var(--accent); }
  `],o([n({attribute:!1})],L.prototype,"methods",2),o([n({attribute:!1})],L.prototype,"ticket",2),o([n({attribute:!1})],L.prototype,"prove",2),o([g()],L.prototype,"method",2),L=o([h("parley-second-factor")],L);var H,x,ue,l,Ze,Ge,et,Fe,fe,ye,be,he,tt,rt,we,ne,T=class extends c{constructor(){super(...arguments);a(this,l);this.deployment=null;this.next="/";this.notice="";this.secondFactor=null;this.providers=[];this.busy=!1;a(this,H,new AbortController);a(this,x,new d(this,e=>i(this,l,Fe).call(this,y(e,"email"),S(e,"password"))));a(this,ue,new Y(this,()=>t(this,x)));a(this,fe,async e=>{this.secondFactor!==null&&i(this,l,ne).call(this,await Ee(this.secondFactor.ticket,e))});a(this,ye,()=>i(this,l,he).call(this,async()=>{let e=this.deployment?.demo;e&&await i(this,l,Fe).call(this,e.email,e.password)}));a(this,be,()=>i(this,l,he).call(this,async()=>{t(this,H).abort();let{ticket:e,options:s}=await ae();i(this,l,ne).call(this,await xe(e,await ie(s)))}));a(this,we,async()=>{this.secondFactor=null,await O(this),this.email.focus()})}connectedCallback(){super.connectedCallback(),i(this,l,rt).call(this),i(this,l,tt).call(this)}disconnectedCallback(){super.disconnectedCallback(),t(this,H).abort()}firstUpdated(){k(this)}render(){return r`<parley-frame><div class="welcome">
      ${Z}
      <section class="card" aria-labelledby="title">${this.secondFactor?i(this,l,et).call(this,this.secondFactor):i(this,l,Ze).call(this)}</section>
    </div></parley-frame>`}};H=new WeakMap,x=new WeakMap,ue=new WeakMap,l=new WeakSet,Ze=function(){let e=this.busy||t(this,x).busy,s=this.deployment?.sign_up==="closed";return r`
      <header><h2 id="title" tabindex="-1">Sign in</h2><p class="muted">to enter your team's meeting rooms.</p></header>
      <form class="stack" novalidate @submit=${t(this,x).submit}>
        ${this.notice?r`<parley-banner tone="caution">${this.notice}</parley-banner>`:b}
        ${t(this,x).banner()}
        ${t(this,x).field({id:"email",label:"E-mail"},r`
          <input id="email" type="email" name="email" autocomplete="username webauthn" inputmode="email" maxlength="320" required autofocus @input=${t(this,x).edited}>`)}
        <div class="with-link">
          ${t(this,ue).render({id:"password",label:"Password"})}
          <a class="small" href="/reset">Forgot it?</a>
        </div>
        <button class="button primary large wide" ?disabled=${e}>${t(this,x).busy?"Signing in…":"Sign in"}</button>
        ${i(this,l,Ge).call(this,e)}
      </form>
      ${s?b:r`<p class="foot">New here? <a href="/sign-up">Make an account</a></p>`}
    `},Ge=function(e){let s=this.deployment?.demo;if(!oe()&&this.providers.length===0&&!s)return b;let m=encodeURIComponent(this.next);return r`
      <p class="or"><span>or</span></p>
      <div class="ways">
        ${this.providers.map(({name:bt,label:wt})=>r`<a class="button large wide" data-leaves href="/auth/${bt}/start?next=${m}">Continue with ${wt}</a>`)}
        ${oe()?r`<button type="button" class="button large wide" ?disabled=${e} @click=${t(this,be)}>${J("passkey")}Sign in with a passkey</button>`:b}
        ${s?r`
          <button type="button" class="button large wide" ?disabled=${e} @click=${t(this,ye)}>Use the demo account ${J("arrow",18)}</button>
          <p class="small muted">The demo account is offered on this machine only.</p>`:b}
      </div>
    `},et=function(e){return r`
      <header><h2 id="title" tabindex="-1">One more step</h2><p class="muted">Your account is guarded by a second factor.</p></header>
      <parley-second-factor .methods=${e.methods} .ticket=${e.ticket} .prove=${t(this,fe)}></parley-second-factor>
      <p class="foot"><button type="button" class="plain" @click=${t(this,we)}>Start again</button></p>
    `},Fe=async function(e,s){let m=await Ce(e,s);Ae(m)?this.secondFactor=m:i(this,l,ne).call(this,m)},fe=new WeakMap,ye=new WeakMap,be=new WeakMap,he=async function(e){this.busy=!0,t(this,x).clear();try{await e()}catch(s){t(this,x).fail(Pe(s))}finally{this.busy=!1}},tt=async function(){try{if(!await qe()||t(this,H).signal.aborted)return;let{ticket:e,options:s}=await ae(),m=await ie(s,t(this,H).signal);await i(this,l,he).call(this,async()=>i(this,l,ne).call(this,await xe(e,m)))}catch(e){if(!(e instanceof X))throw e}},rt=async function(){this.providers=await ce().catch(()=>[])},we=new WeakMap,ne=function(e){t(this,H).abort(),q(this,e)},T.styles=[u,f,w,D,v],o([n({attribute:!1})],T.prototype,"deployment",2),o([n()],T.prototype,"next",2),o([n()],T.prototype,"notice",2),o([n({attribute:!1})],T.prototype,"secondFactor",2),o([g()],T.prototype,"providers",2),o([g()],T.prototype,"busy",2),o([Me("#email")],T.prototype,"email",2),T=o([h("parley-signin")],T);function ve(P,C,e,s){let m=e?.mail_dir;return r`
    <header><span class="seal">${J("mail",24)}</span><h1 id="title" tabindex="-1">${P}</h1><p class="muted">${C}</p></header>
    <div class="stack">
      ${m?r`<parley-banner>On this machine letters are not sent. They are files in <code>${m}</code></parley-banner>`:b}
      <p class="small muted">Nothing there after a few minutes? Look among the unwanted mail, or
        <button type="button" class="plain" @click=${s}>try another address</button>.</p>
    </div>
  `}function R(P,C,e){return r`
    <header><h1 id="title" tabindex="-1">${P}</h1><p class="muted">${C}</p></header>
    <div class="stack"><a class="button large wide" href=${e.path}>${e.label}</a></div>
  `}var Q,$e,st,z=class extends c{constructor(){super(...arguments);a(this,$e);this.code="";this.end="none";a(this,Q,new d(this,async()=>{try{await Be(this.code),this.end="done"}catch(e){if(!(e instanceof X)||e.status!==404)throw e;this.end="expired"}await O(this)}))}firstUpdated(){k(this)}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${i(this,$e,st).call(this)}</section></parley-frame>`}};Q=new WeakMap,$e=new WeakSet,st=function(){let{busy:e}=t(this,Q);switch(this.end){case"done":return R("Your address is changed","From now on you sign in with it.",{path:"/account",label:"To your account"});case"expired":return R("This link leads nowhere","It has expired, or was used already. Change your address in your account once more.",{path:"/account",label:"To your account"});case"none":return r`
          <header><h1 id="title">Is this your new address?</h1><p class="muted">Press the button and your account uses it from now on.</p></header>
          <form class="stack" @submit=${t(this,Q).submit}>
            ${t(this,Q).failure?t(this,Q).banner():b}
            <button class="button primary large wide" autofocus ?disabled=${e}>${e?"One moment…":"Use this address"}</button>
          </form>`}},z.styles=[u,f,v],o([n()],z.prototype,"code",2),o([g()],z.prototype,"end",2),z=o([h("parley-confirm-email")],z);var le,E,ge,te,ot,it,ee=class extends c{constructor(){super(...arguments);a(this,te);this.code="";a(this,le,new pe(this,()=>He(this.code)));a(this,E,new d(this,async e=>{let s={code:this.code,name:y(e,"name"),tenant_name:y(e,"tenant_name")},m=e.has("password")?{password:S(e,"password")}:{};q(this,await Ue({...s,...m}))}));a(this,ge,new Y(this,()=>t(this,E)))}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${i(this,te,ot).call(this)}</section></parley-frame>`}};le=new WeakMap,E=new WeakMap,ge=new WeakMap,te=new WeakSet,ot=function(){return t(this,le).isMissing?R("This link leads nowhere","It is older than a day, or was used. Begin again for a new one.",{path:"/sign-up",label:"Begin again"}):t(this,le).render(e=>i(this,te,it).call(this,e))},it=function(e){let{busy:s}=t(this,E);return r`
      <header><h1 id="title">Who are you?</h1><p class="muted">Your account will be that of <strong>${e.email}</strong>.</p></header>
      <form class="stack" novalidate @submit=${t(this,E).submit}>
        ${t(this,E).banner()}
        <input type="email" name="username" autocomplete="username" .value=${e.email} readonly hidden>
        ${t(this,E).field({id:"name",label:"Your name",hint:"Others see it in meetings."},r`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${e.name??""} @input=${t(this,E).edited}>`)}
        ${t(this,E).field({id:"tenant_name",label:"Company",hint:"You will be its owner, and can invite others."},r`
          <input id="tenant_name" name="tenant_name" autocomplete="organization" maxlength="200" required @input=${t(this,E).edited}>`)}
        ${e.needs_password?t(this,ge).render({id:"password",label:"Password",atLeast:15}):b}
        <button class="button primary large wide" ?disabled=${s}>${s?"Making your account…":"Make the account"}</button>
      </form>
    `},ee.styles=[u,f,w,D,v],o([n()],ee.prototype,"code",2),ee=o([h("parley-finish-sign-up")],ee);var $t={owner:"an owner",admin:"an admin",member:"a member"},de,F,re,ke,$,at,nt,lt,mt,dt,pt,K=class extends c{constructor(){super(...arguments);a(this,$);this.code="";this.session=null;a(this,de,new pe(this,()=>Je(this.code)));a(this,F,new d(this,async e=>{let s=e.has("password")?{name:y(e,"name"),password:S(e,"password")}:{};q(this,await je({code:this.code,...s}))}));a(this,re,new d(this,async()=>{await _e(),De(this)}));a(this,ke,new Y(this,()=>t(this,F)))}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${i(this,$,at).call(this)}</section></parley-frame>`}};de=new WeakMap,F=new WeakMap,re=new WeakMap,ke=new WeakMap,$=new WeakSet,at=function(){return t(this,de).isMissing?R("This invitation cannot be used","It has expired, was used, or was taken back. Ask for a new one.",{path:"/",label:"To the start"}):t(this,de).render(e=>r`
      <header><h1 id="title">Join ${e.tenant_name}</h1>
        <p class="muted">You are invited to be ${$t[e.role]} there, as <strong>${e.email}</strong>.</p></header>
      ${i(this,$,nt).call(this,e)}
    `)},nt=function(e){let s=this.session?.email?.toLowerCase();return s===e.email.toLowerCase()?i(this,$,lt).call(this,e):s!==void 0?i(this,$,mt).call(this,s):e.has_account?i(this,$,dt).call(this):i(this,$,pt).call(this,e)},lt=function(e){let{busy:s}=t(this,F);return r`<form class="stack" @submit=${t(this,F).submit}>
      ${t(this,F).banner()}
      <button class="button primary large wide" autofocus ?disabled=${s}>${s?"One moment…":`Join ${e.tenant_name}`}</button>
    </form>`},mt=function(e){return r`<form class="stack" @submit=${t(this,re).submit}>
      ${t(this,re).banner()}
      <p>You are signed in as <strong>${e}</strong>. This invitation is for another address.</p>
      <button class="button large wide" ?disabled=${t(this,re).busy}>Sign out and go on</button>
    </form>`},dt=function(){return r`<div class="stack">
      <p>You have an account already. Sign in, and you come back here.</p>
      <a class="button primary large wide" href="/sign-in?next=${encodeURIComponent(`/invitation/${encodeURIComponent(this.code)}`)}">Sign in</a>
    </div>`},pt=function(e){let{busy:s}=t(this,F);return r`<form class="stack" novalidate @submit=${t(this,F).submit}>
      ${t(this,F).banner()}
      <input type="email" name="username" autocomplete="username" .value=${e.email} readonly hidden>
      ${t(this,F).field({id:"name",label:"Your name",hint:"Others see it in meetings."},r`
        <input id="name" name="name" autocomplete="name" maxlength="60" required @input=${t(this,F).edited}>`)}
      ${t(this,ke).render({id:"password",label:"Password",atLeast:15})}
      <button class="button primary large wide" ?disabled=${s}>${s?"One moment…":`Join ${e.tenant_name}`}</button>
    </form>`},K.styles=[u,f,w,D,v],o([n()],K.prototype,"code",2),o([n({attribute:!1})],K.prototype,"session",2),K=o([h("parley-invitation")],K);var U,V,Te,N,ct,ht,ut,M=class extends c{constructor(){super(...arguments);a(this,N);this.deployment=null;this.code="";this.sentTo="";this.end="none";a(this,U,new d(this,async e=>{let s=y(e,"email");await Ne(s),this.sentTo=s,await O(this)}));a(this,V,new d(this,async e=>{try{await We(this.code,S(e,"password")),this.end="done"}catch(s){if(!(s instanceof X)||s.status!==404)throw s;this.end="expired"}await O(this)}));a(this,Te,new Y(this,()=>t(this,V)))}firstUpdated(){k(this)}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${i(this,N,ct).call(this)}</section></parley-frame>`}};U=new WeakMap,V=new WeakMap,Te=new WeakMap,N=new WeakSet,ct=function(){if(this.end==="done")return R("Your password is changed","You were signed out everywhere. Sign in with the new one.",{path:"/sign-in",label:"Sign in"});if(this.end==="expired")return R("This link leads nowhere","It has expired, or was used already. Ask for a new one.",{path:"/reset",label:"Ask again"});if(this.code)return i(this,N,ut).call(this);if(this.sentTo){let e=r`If <strong>${this.sentTo}</strong> has an account here, a letter with a link is on its way to it.`;return ve("Look into your mail",e,this.deployment,()=>this.sentTo="")}return i(this,N,ht).call(this)},ht=function(){let{busy:e}=t(this,U);return r`
      <header><h1 id="title">Choose a new password</h1><p class="muted">A letter to your address brings you a link.</p></header>
      <form class="stack" novalidate @submit=${t(this,U).submit}>
        ${t(this,U).banner()}
        ${t(this,U).field({id:"email",label:"E-mail"},r`
          <input id="email" type="email" name="email" autocomplete="username" inputmode="email" maxlength="320" required autofocus @input=${t(this,U).edited}>`)}
        <button class="button primary large wide" ?disabled=${e}>${e?"One moment…":"Send the letter"}</button>
      </form>
      <p class="foot">Remembered it? <a href="/sign-in">Sign in</a></p>
    `},ut=function(){let{busy:e}=t(this,V);return r`
      <header><h1 id="title">Choose a new password</h1><p class="muted">Every session of yours ends with the old one.</p></header>
      <form class="stack" novalidate @submit=${t(this,V).submit}>
        ${t(this,V).banner()}
        ${t(this,Te).render({id:"password",label:"New password",atLeast:15},!0)}
        <button class="button primary large wide" ?disabled=${e}>${e?"One moment…":"Change the password"}</button>
      </form>
    `},M.styles=[u,f,w,D,v],o([n({attribute:!1})],M.prototype,"deployment",2),o([n()],M.prototype,"code",2),o([g()],M.prototype,"sentTo",2),o([g()],M.prototype,"end",2),M=o([h("parley-reset")],M);var B,se,ft,yt,W=class extends c{constructor(){super(...arguments);a(this,se);this.deployment=null;this.sentTo="";this.providers=[];a(this,B,new d(this,async e=>{let s=y(e,"email");await Ie(s),this.sentTo=s,await O(this)}))}connectedCallback(){super.connectedCallback(),i(this,se,yt).call(this)}firstUpdated(){k(this)}render(){return r`<parley-frame><div class="welcome">
      ${Z}
      <section class="card" aria-labelledby="title">${i(this,se,ft).call(this)}</section>
    </div></parley-frame>`}};B=new WeakMap,se=new WeakSet,ft=function(){if(this.deployment?.sign_up==="closed")return R("Sign-up is closed","Nobody can make an account by themselves here. Ask somebody who is in to invite you.",{path:"/sign-in",label:"Go to sign-in"});if(this.sentTo){let s=r`A letter is on its way to <strong>${this.sentTo}</strong>. The link in it goes on from here and is good for a day.`;return ve("Look into your mail",s,this.deployment,()=>this.sentTo="")}let{busy:e}=t(this,B);return r`
      <header><h2 id="title">Make an account</h2><p class="muted">First your e-mail address: a letter with a link proves that it is yours.</p></header>
      <form class="stack" novalidate @submit=${t(this,B).submit}>
        ${t(this,B).banner()}
        ${t(this,B).field({id:"email",label:"E-mail"},r`
          <input id="email" type="email" name="email" autocomplete="email" inputmode="email" maxlength="320" required autofocus @input=${t(this,B).edited}>`)}
        <button class="button primary large wide" ?disabled=${e}>${e?"One moment…":"Continue"}</button>
        ${this.providers.length===0?"":r`<p class="or"><span>or</span></p>
          <div class="ways">${this.providers.map(({name:s,label:m})=>r`<a class="button large wide" data-leaves href="/auth/${s}/start?next=/">Continue with ${m}</a>`)}</div>`}
      </form>
      <p class="foot">Been here before? <a href="/sign-in">Sign in</a></p>
    `},yt=async function(){this.providers=await ce().catch(()=>[])},W.styles=[u,f,w,v],o([n({attribute:!1})],W.prototype,"deployment",2),o([g()],W.prototype,"sentTo",2),o([g()],W.prototype,"providers",2),W=o([h("parley-sign-up")],W);
