import{Ea as _,Fa as z,I as C,M as x,N as i,Oa as B,Q as p,S as M,T as A,V as F,W as E,X as T,Y as S,_ as U,aa as L,ba as $,da as g,ea as I,fa as q,ka as K,o as b,t as P,ta as O,wa as Y,y as R}from"./chunk-WMGVGG6D.js";import{a as f,b as a,c as m,e as d}from"./chunk-SSTONQ5Q.js";function ce(){let l=document.createElement("parley-proof");return document.body.append(l),new Promise(u=>{l.addEventListener("closed",()=>{l.remove(),u(l.session)})})}var y,n,h,v,o,G,H,N,W,j,k,c=class extends M{constructor(){super(...arguments);m(this,o);this.usesRecoveryCode=!1;this.session=null;m(this,y,new K(this,J));m(this,n,new $(this,e=>d(this,o,W).call(this,e)));m(this,h,new $(this,()=>d(this,o,j).call(this)));m(this,v,new I(this,()=>a(this,n)))}render(){return i`<parley-dialog heading="Is it you?" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="all">
        <p class="muted">What you are about to do is delicate, and you signed in a while ago. Prove once more that it is you.</p>
        ${a(this,y).render(e=>d(this,o,G).call(this,e))}
      </div>
    </parley-dialog>`}};y=new WeakMap,n=new WeakMap,h=new WeakMap,v=new WeakMap,o=new WeakSet,G=function(e){let r=e.hasPasskey&&O(),s=e.hasPassword||e.hasApp;return i`
      ${r?i`<form class="passkey" @submit=${a(this,h).submit}>
        ${a(this,h).banner()}
        <button class="button large wide ${s?"":"primary"}" ?disabled=${a(this,h).busy}>${S("passkey")}Use a passkey</button>
      </form>`:p}
      ${r&&s?i`<p class="or"><span>or</span></p>`:p}
      ${s?d(this,o,H).call(this,e):p}
      ${r||s?p:d(this,o,N).call(this,e)}
    `},H=function(e){let r=e.hasApp||e.hasPasskey,s=this.usesRecoveryCode||!e.hasApp,{busy:t}=a(this,n);return i`<form novalidate @submit=${a(this,n).submit}>
      ${a(this,n).banner()}
      ${e.hasPassword?a(this,v).render({id:"password",label:"Your password"},!0):p}
      ${r?a(this,n).field({id:"code",label:s?"Recovery code":"Code",hint:s?"One of the codes that you kept.":"Six digits from your authenticator app."},i`
        <input id="code" name="code" inputmode=${s?"text":"numeric"} autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="64" required ?autofocus=${!e.hasPassword} @input=${a(this,n).edited}>`):p}
      ${e.hasApp?i`<p><button type="button" class="plain small" @click=${()=>this.usesRecoveryCode=!this.usesRecoveryCode}>${s?"Use the app instead":"Use a recovery code instead"}</button></p>`:p}
      <button class="button primary large wide" ?disabled=${t}>${t?"One moment…":"It is me"}</button>
    </form>`},N=function(e){let r=encodeURIComponent(location.pathname+location.search);return e.providers.length===0?i`<p>Sign out and in again, then repeat what you wanted to do.</p>`:i`<div class="ways">
      <p>You come in by an identity provider. Go there once more; you come back to this page.</p>
      ${e.providers.map(({name:s,label:t})=>i`<a class="button large wide" href="/auth/${s}/start?next=${r}">Continue with ${t}</a>`)}
    </div>`},W=async function(e){let r=e.has("password")?{password:g(e,"password")}:{},s=a(this,y).value,t=this.usesRecoveryCode||!s?.hasApp?"recovery_code":"totp",w=e.has("code")?{proof:{method:t,code:g(e,"code").trim()}}:{};d(this,o,k).call(this,await b({...r,...w}))},j=async function(){let{ticket:e,options:r}=await z();d(this,o,k).call(this,await b({proof:{method:"passkey",ticket:e,credential:await Y(r)}}))},k=function(e){this.session=e,this.dialog.close()},c.styles=[T,U,L,q,B,x`
    :host, .all, form { display: grid; gap: 1.1rem; }
  `],f([F()],c.prototype,"usesRecoveryCode",2),f([E("parley-dialog")],c.prototype,"dialog",2),c=f([A("parley-proof")],c);async function J(){let[{has_password:l},{data:u},e,r]=await Promise.all([P(),R(),C(),_()]),s=t=>e.some(w=>w.provider===t);return{hasPassword:l,hasApp:u.some(t=>t.kind==="totp"),hasPasskey:u.some(t=>t.kind==="passkey"),providers:r.filter(({name:t})=>s(t))}}export{c as ProofDialog,ce as askForProof};
