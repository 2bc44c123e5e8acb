import{Ea as he,Fa as ae,Ga as Ue,Ha as Ne,Ia as We,Ja as Be,Ka as Je,La as je,M as Me,Ma as ze,N as r,Na as Qe,Oa as v,Q as b,S as c,T as h,U as l,V as g,W as Se,X as u,Y as J,_ as f,a as X,aa as w,b as Ce,ba as d,ca as y,da as S,ea as Y,fa as D,ha as k,ia as O,j as Ae,k as Ee,ka as ce,l as Oe,m as Re,n as _e,oa as q,pa as qe,q as Le,ta as ie,ua as Ie,wa as oe,za as He}from"./chunk-WMGVGG6D.js";import{a as i,b as t,c as a,e as o,f as Ye,g as De}from"./chunk-SSTONQ5Q.js";var Z=r`
  <div class="pitch">
    <parley-orb state="listening"></parley-orb>
    <h1>A teammate in the room.</h1>
    <p>Parley listens, reads what you type and looks at the screen you share. It answers by voice and in writing, and keeps one transcript of it all.</p>
  </div>
`;var _,G,Ke,Ve,I=class extends c{constructor(){super(...arguments);a(this,G);this.code="";this.invitation=null;this.trouble="";a(this,_,new d(this,async e=>{let s=y(e,"name"),m=await _e(this.code,s);Ye("name",s),q(this,m)}))}firstUpdated(){k(this)}render(){return r`<parley-frame><div class="welcome">
      ${Z}
      <section class="card" aria-labelledby="title">${this.invitation?o(this,G,Ke).call(this,this.invitation):o(this,G,Ve).call(this)}</section>
    </div></parley-frame>`}};_=new WeakMap,G=new WeakSet,Ke=function(e){return r`
      <header>
        <h2 id="title">You are invited to “${e.room_name}”</h2>
        <p class="muted">by ${e.tenant_name}. No account is needed.</p>
      </header>
      <form class="stack" novalidate @submit=${t(this,_).submit}>
        ${t(this,_).banner()}
        ${t(this,_).field({id:"name",label:"Your name",hint:"Others see it, and the transcript keeps it."},r`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${De("name")??""} @input=${t(this,_).edited}>`)}
        <button class="button primary large wide" ?disabled=${t(this,_).busy}>${t(this,_).busy?"One moment…":"Continue"}</button>
      </form>
    `},Ve=function(){return r`
      <header><h2 id="title">This invitation cannot be used</h2></header>
      <div class="stack">
        <p>${this.trouble||"It may have expired."} Ask for a new link, or sign in.</p>
        <a class="button large wide" href="/">Go to sign-in</a>
      </div>
    `},I.styles=[u,f,w,v],i([l()],I.prototype,"code",2),i([l({attribute:!1})],I.prototype,"invitation",2),i([l()],I.prototype,"trouble",2),I=i([h("parley-guest")],I);var gt={passkey:"Use a passkey",totp:"Use an authenticator app",recovery_code:"Use a recovery code"},A,p,Fe,j,Xe,Ze,Ge,L=class extends c{constructor(){super(...arguments);a(this,p);this.methods=[];this.method=null;a(this,A,new d(this,async e=>{let s=t(this,p,j);await this.prove(s==="passkey"?await o(this,p,Ge).call(this):{method:s,code:y(e,"code")})}))}firstUpdated(){k(this)}render(){let e=t(this,p,Fe).filter(m=>m!==t(this,p,j)),{busy:s}=t(this,A);return r`
      <form novalidate @submit=${t(this,A).submit}>
        ${t(this,A).banner()}
        ${t(this,p,j)==="passkey"?r`<p class="hint">${J("passkey",40)}Your device asks for your finger, your face or its PIN.</p>`:o(this,p,Xe).call(this,t(this,p,j)==="totp")}
        <button class="button primary large wide" ?autofocus=${t(this,p,j)==="passkey"} ?disabled=${s}>${s?"One moment…":t(this,p,j)==="passkey"?"Continue with a passkey":"Continue"}</button>
      </form>
      ${e.length>0?r`<div class="others">${e.map(m=>r`
        <button type="button" class="button quiet" @click=${()=>o(this,p,Ze).call(this,m)}>${gt[m]}</button>`)}</div>`:b}
    `}};A=new WeakMap,p=new WeakSet,Fe=function(){return this.methods.filter(e=>e!=="passkey"||ie())},j=function(){return this.method??t(this,p,Fe)[0]??"recovery_code"},Xe=function(e){return e?t(this,A).field({id:"code",label:"Code",hint:"Six digits from your authenticator app."},r`
          <input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required autofocus data-again @input=${t(this,A).edited}>`):t(this,A).field({id:"code",label:"Recovery code",hint:"One of the codes that you kept. Each works once."},r`
          <input id="code" name="code" class="code" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required autofocus data-again @input=${t(this,A).edited}>`)},Ze=async function(e){this.method=e,t(this,A).clear(),await this.updateComplete,k(this)},Ge=async function(){let{ticket:e,options:s}=await ae(this.ticket);return{method:"passkey",ticket:e,credential:await oe(s)}},L.styles=[u,f,w,Me`
    :host, form, .others { display: grid; gap: 1.1rem; }
    .others { gap: 0.25rem; justify-items: center; }
    .code { font-variant-numeric: tabular-nums; letter-spacing: 0.12em; }
    .hint { display: grid; justify-items: center; gap: 0.6rem; padding: 0.5rem 0; text-align: center; color: var(--ink-2); }
    .hint svg { color: var(--accent); }
  `],i([l({attribute:!1})],L.prototype,"methods",2),i([l({attribute:!1})],L.prototype,"ticket",2),i([l({attribute:!1})],L.prototype,"prove",2),i([g()],L.prototype,"method",2),L=i([h("parley-second-factor")],L);var H,x,fe,n,et,tt,rt,ne,Pe,ye,be,we,ue,st,it,ve,le,T=class extends c{constructor(){super(...arguments);a(this,n);this.deployment=null;this.next="/";this.notice="";this.secondFactor=null;this.providers=[];this.busy=!1;a(this,H,new AbortController);a(this,x,new d(this,e=>o(this,n,Pe).call(this,y(e,"email"),S(e,"password"))));a(this,fe,new Y(this,()=>t(this,x)));a(this,ye,async e=>{this.secondFactor!==null&&o(this,n,le).call(this,await Oe(this.secondFactor.ticket,e))});a(this,be,()=>o(this,n,ue).call(this,async()=>{let e=this.deployment?.demo;e&&await o(this,n,Pe).call(this,e.email,e.password)}));a(this,we,()=>o(this,n,ue).call(this,async()=>{t(this,H).abort();let{ticket:e,options:s}=await ae();o(this,n,le).call(this,await Re(e,await oe(s),t(this,n,ne)))}));a(this,ve,async()=>{this.secondFactor=null,await O(this),this.email.focus()})}connectedCallback(){super.connectedCallback(),o(this,n,it).call(this),o(this,n,st).call(this)}disconnectedCallback(){super.disconnectedCallback(),t(this,H).abort()}firstUpdated(){k(this)}render(){return r`<parley-frame><div class="welcome">
      ${Z}
      <section class="card" aria-labelledby="title">${this.secondFactor?o(this,n,rt).call(this,this.secondFactor):o(this,n,et).call(this)}</section>
    </div></parley-frame>`}};H=new WeakMap,x=new WeakMap,fe=new WeakMap,n=new WeakSet,et=function(){let e=this.busy||t(this,x).busy,s=this.deployment?.sign_up==="closed";return r`
      <header><h2 id="title" tabindex="-1">Sign in</h2><p class="muted">to enter your team's meeting rooms.</p></header>
      <form class="stack" novalidate @submit=${t(this,x).submit}>
        ${this.notice?r`<parley-banner tone="caution">${this.notice}</parley-banner>`:b}
        ${t(this,x).banner()}
        ${t(this,x).field({id:"email",label:"E-mail"},r`
          <input id="email" type="email" name="email" autocomplete="username webauthn" inputmode="email" maxlength="320" required autofocus @input=${t(this,x).edited}>`)}
        <div class="with-link">
          ${t(this,fe).render({id:"password",label:"Password"})}
          <a class="small" href="/reset">Forgot it?</a>
        </div>
        <button class="button primary large wide" ?disabled=${e}>${t(this,x).busy?"Signing in…":"Sign in"}</button>
        ${o(this,n,tt).call(this,e)}
      </form>
      ${s?b:r`<p class="foot">New here? <a href="/sign-up">Make an account</a></p>`}
    `},tt=function(e){let s=this.deployment?.demo;if(!ie()&&this.providers.length===0&&!s)return b;let m=encodeURIComponent(this.next);return r`
      <p class="or"><span>or</span></p>
      <div class="ways">
        ${this.providers.map(({name:vt,label:$t})=>r`<a class="button large wide" data-leaves href="/auth/${vt}/start?next=${m}">Continue with ${$t}</a>`)}
        ${ie()?r`<button type="button" class="button large wide" ?disabled=${e} @click=${t(this,we)}>${J("passkey")}Sign in with a passkey</button>`:b}
        ${s?r`
          <button type="button" class="button large wide" ?disabled=${e} @click=${t(this,be)}>Use the demo account ${J("arrow",18)}</button>
          <p class="small muted">The demo account is offered on this machine only.</p>`:b}
      </div>
    `},rt=function(e){return r`
      <header><h2 id="title" tabindex="-1">One more step</h2><p class="muted">Your account is guarded by a second factor.</p></header>
      <parley-second-factor .methods=${e.methods} .ticket=${e.ticket} .prove=${t(this,ye)}></parley-second-factor>
      <p class="foot"><button type="button" class="plain" @click=${t(this,ve)}>Start again</button></p>
    `},ne=function(){let e=He(this.next);return e.kind==="invitation"&&e.code!==""?e.code:null},Pe=async function(e,s){let m=await Ae(e,s,t(this,n,ne));Ee(m)?this.secondFactor=m:o(this,n,le).call(this,m)},ye=new WeakMap,be=new WeakMap,we=new WeakMap,ue=async function(e){this.busy=!0,t(this,x).clear();try{await e()}catch(s){t(this,x).fail(Ce(s))}finally{this.busy=!1}},st=async function(){try{if(!await Ie()||t(this,H).signal.aborted)return;let{ticket:e,options:s}=await ae(),m=await oe(s,t(this,H).signal);await o(this,n,ue).call(this,async()=>o(this,n,le).call(this,await Re(e,m,t(this,n,ne))))}catch(e){if(!(e instanceof X))throw e}},it=async function(){this.providers=await he().catch(()=>[])},ve=new WeakMap,le=function(e){t(this,H).abort(),t(this,n,ne)!==null&&history.replaceState(null,"",location.pathname),q(this,e)},T.styles=[u,f,w,D,v],i([l({attribute:!1})],T.prototype,"deployment",2),i([l()],T.prototype,"next",2),i([l()],T.prototype,"notice",2),i([l({attribute:!1})],T.prototype,"secondFactor",2),i([g()],T.prototype,"providers",2),i([g()],T.prototype,"busy",2),i([Se("#email")],T.prototype,"email",2),T=i([h("parley-signin")],T);function $e(P,C,e,s){let m=e?.mail_dir;return r`
    <header><span class="seal">${J("mail",24)}</span><h1 id="title" tabindex="-1">${P}</h1><p class="muted">${C}</p></header>
    <div class="stack">
      ${m?r`<parley-banner>On this machine letters are not sent. They are files in <code>${m}</code></parley-banner>`:b}
      <p class="small muted">Nothing there after a few minutes? Look among the unwanted mail, or
        <button type="button" class="plain" @click=${s}>try another address</button>.</p>
    </div>
  `}function R(P,C,e){return r`
    <header><h1 id="title" tabindex="-1">${P}</h1><p class="muted">${C}</p></header>
    <div class="stack"><a class="button large wide" href=${e.path}>${e.label}</a></div>
  `}var Q,ge,ot,z=class extends c{constructor(){super(...arguments);a(this,ge);this.code="";this.end="none";a(this,Q,new d(this,async()=>{try{await je(this.code),this.end="done"}catch(e){if(!(e instanceof X)||e.status!==404)throw e;this.end="expired"}await O(this)}))}firstUpdated(){k(this)}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${o(this,ge,ot).call(this)}</section></parley-frame>`}};Q=new WeakMap,ge=new WeakSet,ot=function(){let{busy:e}=t(this,Q);switch(this.end){case"done":return R("Your address is changed","From now on you sign in with it.",{path:"/account",label:"To your account"});case"expired":return R("This link leads nowhere","It has expired, or was used already. Change your address in your account once more.",{path:"/account",label:"To your account"});case"none":return r`
          <header><h1 id="title">Is this your new address?</h1><p class="muted">Press the button and your account uses it from now on.</p></header>
          <form class="stack" @submit=${t(this,Q).submit}>
            ${t(this,Q).failure?t(this,Q).banner():b}
            <button class="button primary large wide" autofocus ?disabled=${e}>${e?"One moment…":"Use this address"}</button>
          </form>`}},z.styles=[u,f,v],i([l()],z.prototype,"code",2),i([g()],z.prototype,"end",2),z=i([h("parley-confirm-email")],z);var me,E,ke,te,at,nt,ee=class extends c{constructor(){super(...arguments);a(this,te);this.code="";a(this,me,new ce(this,()=>Ne(this.code)));a(this,E,new d(this,async e=>{let s={code:this.code,name:y(e,"name"),tenant_name:y(e,"tenant_name")},m=e.has("password")?{password:S(e,"password")}:{};q(this,await We({...s,...m}))}));a(this,ke,new Y(this,()=>t(this,E)))}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${o(this,te,at).call(this)}</section></parley-frame>`}};me=new WeakMap,E=new WeakMap,ke=new WeakMap,te=new WeakSet,at=function(){return t(this,me).isMissing?R("This link leads nowhere","It is older than a day, or was used. Begin again for a new one.",{path:"/sign-up",label:"Begin again"}):t(this,me).render(e=>o(this,te,nt).call(this,e))},nt=function(e){let{busy:s}=t(this,E);return r`
      <header><h1 id="title">Who are you?</h1><p class="muted">Your account will be that of <strong>${e.email}</strong>.</p></header>
      <form class="stack" novalidate @submit=${t(this,E).submit}>
        ${t(this,E).banner()}
        <input type="email" name="username" autocomplete="username" .value=${e.email} readonly hidden>
        ${t(this,E).field({id:"name",label:"Your name",hint:"Others see it in meetings."},r`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${e.name??""} @input=${t(this,E).edited}>`)}
        ${t(this,E).field({id:"tenant_name",label:"Company",hint:"You will be its owner, and can invite others."},r`
          <input id="tenant_name" name="tenant_name" autocomplete="organization" maxlength="200" required @input=${t(this,E).edited}>`)}
        ${e.needs_password?t(this,ke).render({id:"password",label:"Password",atLeast:15}):b}
        <button class="button primary large wide" ?disabled=${s}>${s?"Making your account…":"Make the account"}</button>
      </form>
    `},ee.styles=[u,f,w,D,v],i([l()],ee.prototype,"code",2),ee=i([h("parley-finish-sign-up")],ee);var kt={owner:"an owner",admin:"an admin",member:"a member"},pe,F,re,Te,$,lt,mt,dt,pt,ct,ht,K=class extends c{constructor(){super(...arguments);a(this,$);this.code="";this.session=null;a(this,pe,new ce(this,()=>ze(this.code)));a(this,F,new d(this,async e=>{let s=e.has("password")?{name:y(e,"name"),password:S(e,"password")}:{};q(this,await Qe({code:this.code,...s}))}));a(this,re,new d(this,async()=>{await Le(),qe(this)}));a(this,Te,new Y(this,()=>t(this,F)))}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${o(this,$,lt).call(this)}</section></parley-frame>`}};pe=new WeakMap,F=new WeakMap,re=new WeakMap,Te=new WeakMap,$=new WeakSet,lt=function(){return t(this,pe).isMissing?R("This invitation cannot be used","It has expired, was used, or was taken back. Ask for a new one.",{path:"/",label:"To the start"}):t(this,pe).render(e=>r`
      <header><h1 id="title">Join ${e.tenant_name}</h1>
        <p class="muted">You are invited to be ${kt[e.role]} there, as <strong>${e.email}</strong>.</p></header>
      ${o(this,$,mt).call(this,e)}
    `)},mt=function(e){let s=this.session?.email?.toLowerCase();return s===e.email.toLowerCase()?o(this,$,dt).call(this,e):s!==void 0?o(this,$,pt).call(this,s):e.has_account?o(this,$,ct).call(this):o(this,$,ht).call(this,e)},dt=function(e){let{busy:s}=t(this,F);return r`<form class="stack" @submit=${t(this,F).submit}>
      ${t(this,F).banner()}
      <button class="button primary large wide" autofocus ?disabled=${s}>${s?"One moment…":`Join ${e.tenant_name}`}</button>
    </form>`},pt=function(e){return r`<form class="stack" @submit=${t(this,re).submit}>
      ${t(this,re).banner()}
      <p>You are signed in as <strong>${e}</strong>. This invitation is for another address.</p>
      <button class="button large wide" ?disabled=${t(this,re).busy}>Sign out and go on</button>
    </form>`},ct=function(){return r`<div class="stack">
      <p>You have an account already. Sign in with it to join.</p>
      <a class="button primary large wide" href="/sign-in?next=${encodeURIComponent(`/invitation/${encodeURIComponent(this.code)}`)}">Sign in</a>
    </div>`},ht=function(e){let{busy:s}=t(this,F);return r`<form class="stack" novalidate @submit=${t(this,F).submit}>
      ${t(this,F).banner()}
      <input type="email" name="username" autocomplete="username" .value=${e.email} readonly hidden>
      ${t(this,F).field({id:"name",label:"Your name",hint:"Others see it in meetings."},r`
        <input id="name" name="name" autocomplete="name" maxlength="60" required @input=${t(this,F).edited}>`)}
      ${t(this,Te).render({id:"password",label:"Password",atLeast:15})}
      <button class="button primary large wide" ?disabled=${s}>${s?"One moment…":`Join ${e.tenant_name}`}</button>
    </form>`},K.styles=[u,f,w,D,v],i([l()],K.prototype,"code",2),i([l({attribute:!1})],K.prototype,"session",2),K=i([h("parley-invitation")],K);var U,V,xe,N,ut,ft,yt,M=class extends c{constructor(){super(...arguments);a(this,N);this.deployment=null;this.code="";this.sentTo="";this.end="none";a(this,U,new d(this,async e=>{let s=y(e,"email");await Be(s),this.sentTo=s,await O(this)}));a(this,V,new d(this,async e=>{try{await Je(this.code,S(e,"password")),this.end="done"}catch(s){if(!(s instanceof X)||s.status!==404)throw s;this.end="expired"}await O(this)}));a(this,xe,new Y(this,()=>t(this,V)))}firstUpdated(){k(this)}render(){return r`<parley-frame><section class="card" aria-labelledby="title">${o(this,N,ut).call(this)}</section></parley-frame>`}};U=new WeakMap,V=new WeakMap,xe=new WeakMap,N=new WeakSet,ut=function(){if(this.end==="done")return R("Your password is changed","You were signed out everywhere. Sign in with the new one.",{path:"/sign-in",label:"Sign in"});if(this.end==="expired")return R("This link leads nowhere","It has expired, or was used already. Ask for a new one.",{path:"/reset",label:"Ask again"});if(this.code)return o(this,N,yt).call(this);if(this.sentTo){let e=r`If <strong>${this.sentTo}</strong> has an account here, a letter with a link is on its way to it.`;return $e("Look into your mail",e,this.deployment,()=>this.sentTo="")}return o(this,N,ft).call(this)},ft=function(){let{busy:e}=t(this,U);return r`
      <header><h1 id="title">Choose a new password</h1><p class="muted">A letter to your address brings you a link.</p></header>
      <form class="stack" novalidate @submit=${t(this,U).submit}>
        ${t(this,U).banner()}
        ${t(this,U).field({id:"email",label:"E-mail"},r`
          <input id="email" type="email" name="email" autocomplete="username" inputmode="email" maxlength="320" required autofocus @input=${t(this,U).edited}>`)}
        <button class="button primary large wide" ?disabled=${e}>${e?"One moment…":"Send the letter"}</button>
      </form>
      <p class="foot">Remembered it? <a href="/sign-in">Sign in</a></p>
    `},yt=function(){let{busy:e}=t(this,V);return r`
      <header><h1 id="title">Choose a new password</h1><p class="muted">Every session of yours ends with the old one.</p></header>
      <form class="stack" novalidate @submit=${t(this,V).submit}>
        ${t(this,V).banner()}
        ${t(this,xe).render({id:"password",label:"New password",atLeast:15},!0)}
        <button class="button primary large wide" ?disabled=${e}>${e?"One moment…":"Change the password"}</button>
      </form>
    `},M.styles=[u,f,w,D,v],i([l({attribute:!1})],M.prototype,"deployment",2),i([l()],M.prototype,"code",2),i([g()],M.prototype,"sentTo",2),i([g()],M.prototype,"end",2),M=i([h("parley-reset")],M);var B,se,bt,wt,W=class extends c{constructor(){super(...arguments);a(this,se);this.deployment=null;this.sentTo="";this.providers=[];a(this,B,new d(this,async e=>{let s=y(e,"email");await Ue(s),this.sentTo=s,await O(this)}))}connectedCallback(){super.connectedCallback(),o(this,se,wt).call(this)}firstUpdated(){k(this)}render(){return r`<parley-frame><div class="welcome">
      ${Z}
      <section class="card" aria-labelledby="title">${o(this,se,bt).call(this)}</section>
    </div></parley-frame>`}};B=new WeakMap,se=new WeakSet,bt=function(){if(this.deployment?.sign_up==="closed")return R("Sign-up is closed","Nobody can make an account by themselves here. Ask somebody who is in to invite you.",{path:"/sign-in",label:"Go to sign-in"});if(this.sentTo){let s=r`A letter is on its way to <strong>${this.sentTo}</strong>. The link in it goes on from here and is good for a day.`;return $e("Look into your mail",s,this.deployment,()=>this.sentTo="")}let{busy:e}=t(this,B);return r`
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
    `},wt=async function(){this.providers=await he().catch(()=>[])},W.styles=[u,f,w,v],i([l({attribute:!1})],W.prototype,"deployment",2),i([g()],W.prototype,"sentTo",2),i([g()],W.prototype,"providers",2),W=i([h("parley-sign-up")],W);
